import {realpath} from 'node:fs/promises';
import {defaultAccountSettings, type Identity} from '../domain/account.ts';
import {isHomeAllowed} from '../domain/recreate-account.ts';
import {fromText, toScreen, type RawPath} from '../domain/raw-name.ts';
import type {Task} from '../domain/task.ts';
import {UserError} from '../errors.ts';
import {readUserDatabase, type UserDatabase} from '../items/config/user-database.ts';
import {readFactsOfPackage, type PackageFacts} from '../runner/package-facts.ts';
import {readWritableVault} from '../runner/vault-location.ts';
import {readSetting} from '../state/read-setting.ts';
import {refreshAccounts} from '../state/refresh-accounts.ts';
import {newUuid} from '../system/new-identifier.ts';
import {resolveAccount} from './accounts.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';
import {queueTasks} from './queue-tasks.ts';
import {resolveDestination} from './resolve-destination.ts';

export type ImportInput = {
	/** Absolute path of the package. */
	readonly path: string;
	/** Name (as text) or UUID of the account that gets it; else the live one of its name, or one that is only known from now on. */
	readonly account?: string | undefined;
};

const firstId = 1000;
const nobodyId = 65_534;

/**
Queues the making of a backup from a package. All of the package is checked when that begins.
@throws UserError `notFound`, `damaged` for what is no package, `key` for an encrypted one, `refused`
*/
export const importBackup = action('importBackup', async (context: Context, {path, account}: ImportInput): Promise<Task> => {
	const file = await resolveFile(path);
	const facts = readFactsOfPackage(file);
	const destination = await resolveDestination(context);
	await readWritableVault(context, {destination: destination.id});
	const identity = account === undefined ? await ownerOf(context, facts) : await resolveAccount(context, account);
	const [task] = await queueTasks(context, [{
		kind: 'backup', account: identity.name, accountUuid: identity.uuid, backup: null, request: {
			kind: 'backup', backupKind: 'imported', job: null, schedules: [], items: facts.items.map(({name}) => name), package: {file, destination: destination.id},
		},
	}]);

	return task!;
});

const resolveFile = async (path: string): Promise<string> => {
	try {
		return await realpath(path);
	} catch (error) {
		throw new UserError(`The package ${path} cannot be read: ${(error as Error).message}.`, {code: (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'notFound' : 'failed', hint: 'Name the file of a package.', cause: error});
	}
};

/** Where no account has its name, it is known from now on as one that is not there: restoring *config* makes it. */
const ownerOf = async (context: Context, facts: PackageFacts): Promise<Identity> => {
	const {identities} = await refreshAccounts(context.store, context);
	const live = identities.find(({name, status}) => name === facts.account && status !== 'inactive');

	if (live !== undefined) {
		return live;
	}

	const identity = await absentAccount(context, facts, identities);

	// The same package twice is of one account.
	return context.store.update('accounts', undefined, draft => {
		const same = draft.identities.find(({name, uid, status, homeInode}) => status === 'inactive' && name === identity.name && uid === identity.uid && homeInode === null);

		if (same === undefined) {
			draft.identities = [...draft.identities, identity];
		}

		return same ?? identity;
	});
};

const absentAccount = async ({store, clock}: Context, {account: name, uid, gid, home}: PackageFacts, identities: readonly Identity[]): Promise<Identity> => {
	const database = await readUserDatabase(store);
	const uidMax = await readSetting(store, 'accounts.uidMax');
	const now = clock.now().toISOString();
	checkName(name, database);
	const ownUid = freeId(uid, uidMax, id => database.users.some(user => user.uid === id) || identities.some(identity => identity.uid === id && identity.status !== 'inactive'));
	const ownGid = freeId(gid === uid ? ownUid : gid, uidMax, id => database.groups.some(group => group.gid === id && group.name !== name));

	return {
		...defaultAccountSettings,
		uuid: newUuid(),
		name,
		uid: ownUid,
		gid: ownGid,
		home: await allowedHome(store, home, name),
		homeInode: null,
		homeBirthNs: null,
		firstSeenAt: now,
		lastSeenAt: now,
		inactiveSince: now,
		hadBackupAt: null,
		status: 'inactive',
	};
};

/** What tools and files of the system take for the name of a user. */
const checkName = (name: RawPath, {users}: UserDatabase): void => {
	if (!/^[a-z_][\w\-.]{0,31}$/iv.test(name) || users.some(user => user.name === name)) {
		throw new UserError(`The package is of "${toScreen(name)}", which is no account here and cannot become one.`, {code: 'refused', hint: 'Name the account that gets it with --account.'});
	}
};

/** The wanted one where it is free and an account's; else the next that is. */
const freeId = (wanted: number | null, most: number, isTaken: (id: number) => boolean): number => {
	if (wanted !== null && wanted !== nobodyId && wanted >= firstId && wanted <= most && !isTaken(wanted)) {
		return wanted;
	}

	for (let id = firstId; id <= most; id++) {
		if (id !== nobodyId && !isTaken(id)) {
			return id;
		}
	}

	throw new UserError('No id is free for the account of the package.', {code: 'refused', hint: 'Name the account that gets it with --account, or raise accounts.uidMax.'});
};

const allowedHome = async (store: Context['store'], home: RawPath | null, name: RawPath): Promise<RawPath> => {
	const setting = await readSetting(store, 'accounts.homeRoots');
	const roots = setting.split(',').map(root => fromText(root.trim()));

	return home !== null && isHomeAllowed(home, roots) ? home : `${roots[0]!}/${name}`;
};
