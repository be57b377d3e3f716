/** The account itself: its lines in passwd, shadow and group, and what Holdfast's operators set for it. */
import {readFile, writeFile} from 'node:fs/promises';
import type {Identity} from '../../domain/account.ts';
import type {Finding} from '../../domain/item.ts';
import {fromText, toScreen} from '../../domain/raw-name.ts';
import {decideMemberships, reasonNotToRecreate} from '../../domain/recreate-account.ts';
import {parseGroup, parsePasswd, type PasswdEntry} from '../../domain/unix-database.ts';
import {readSetting} from '../../state/read-setting.ts';
import {systemPath} from '../../system/directory.ts';
import {hasQuotas} from '../../system/mounts.ts';
import type {Item, RestoreContext} from '../item.ts';
import {
	type AccountRecord,
	groupHashOf,
	parseRecord,
	recordOf,
	settingsOf,
} from './account-record.ts';
import {applySettings, usableSettings} from './apply-settings.ts';
import {openEditor} from './logins.ts';
import {makeHome} from './make-home.ts';
import {ownGroupOf, type OwnGroup} from './own-group.ts';
import {
	readUserDatabase,
	type UserDatabase,
	type UserEditor,
	type WantedUser,
} from './user-database.ts';

export const configFile = 'account.json';

export const config: Item = {
	name: 'config',
	isOfFiles: false,

	async discover({account, store}) {
		const record = recordOf(account, await readUserDatabase(store));

		return record === undefined ? [] : ['config'];
	},

	async remark({account}) {
		return hasQuotas(account.home) ? [{level: 'note', path: '', message: `config: its disk quota at ${toScreen(account.home)} is not kept: set it again where the account is made anew`}] : [];
	},

	async capture({account, store, folder}) {
		const record = recordOf(account, await readUserDatabase(store));

		if (record === undefined) {
			throw new Error('the user vanished while it was read');
		}

		await writeFile(systemPath(`${folder}/${configFile}`), `${JSON.stringify(record, null, '\t')}\n`, {mode: 0o600, flag: 'wx'});

		return [];
	},

	async plan(context) {
		const restore = await readRestore(context);
		const sizeBytes = restore.record.passwd.length + (restore.record.shadow?.length ?? 0);

		if (restore.live === undefined) {
			await checkRecreation(context, restore);

			return {action: 'create', reason: 'the user does not exist', sizeBytes};
		}

		const differing = context.isMerge ? [] : differences(restore, context.account);

		return differing.length === 0
			? {action: 'keep', reason: context.isMerge ? 'the user exists' : 'the same', sizeBytes}
			: {action: 'overwrite', reason: `differs: ${differing.join(', ')}`, sizeBytes};
	},

	async putBack(context) {
		const restore = await readRestore(context);
		const editor = await openEditor(context.store, restore.database);

		if (restore.live === undefined) {
			await checkRecreation(context, restore);
			await recreate(context, restore, editor);
		} else {
			await editor.change(restore.wanted);
		}

		await applySettings(context.store, context.account.uuid, restore.settings);

		return restore.findings;
	},

	async check(context) {
		const {account, store, isMerge} = context;
		const restore = await readRestore(context);
		const {identities} = await store.read('accounts');
		const identity = identities.find(({uuid}) => uuid === account.uuid);

		if (identity === undefined || restore.live === undefined) {
			throw new Error('the user is not there');
		}

		const differing = isMerge ? [] : differences(restore, identity);

		if (differing.length > 0) {
			throw new Error(`the account is not what was written: ${differing.join(', ')}`);
		}
	},
};

type Restore = {
	readonly record: AccountRecord;
	readonly user: PasswdEntry;
	readonly database: UserDatabase;
	/** As it is now; `undefined` where there is no such user. */
	readonly live: AccountRecord | undefined;
	readonly wanted: WantedUser;
	readonly settings: AccountRecord['settings'];
	readonly findings: readonly Finding[];
};

const readRestore = async ({account, store, folder}: RestoreContext): Promise<Restore> => {
	const record = parseRecord(await readFile(systemPath(`${folder}/${configFile}`), 'utf8'));
	const [user] = parsePasswd(record.passwd);

	if (user?.name !== account.name || user.uid !== account.uid) {
		throw new Error('it is of another user');
	}

	const database = await readUserDatabase(store);
	const {groups, refused} = decideMemberships(record.memberships, user.name, database.groups);
	const {settings, findings} = await usableSettings(store, record.settings);
	const live = recordOf(account, database);
	const ownGroup = ownGroupOf(record, database.users);
	const isMakingGroup = live === undefined && database.groups.every(({name}) => name !== user.name);

	return {
		record,
		user,
		database,
		live,
		wanted: {
			name: user.name, passwd: live === undefined ? record.passwd : withPlaceOf(record.passwd, live.passwd), shadow: record.shadow, group: ownGroup?.line ?? record.group, ownGroup: isMakingGroup ? ownGroup : null, groupHash: groupHashOf(record), memberships: groups,
		},
		settings,
		findings: [...findings, ...missingOf(isMakingGroup ? ownGroup : null), ...refused.map(({name, reason}): Finding => ({level: 'problem', path: '', message: `config: not in the group ${toScreen(name)}: ${reason}`}))],
	};
};

const missingOf = (ownGroup: OwnGroup | null): readonly Finding[] => ownGroup?.missing.map(name => ({level: 'note', path: '', message: `config: there is no ${toScreen(name)} any more, who was in its group`})) ?? [];

/** A live account keeps its group and its home, which are not moved by changing a line. */
const withPlaceOf = (stored: string, live: string): string => {
	const [name, password, uid, , comment, , shell] = stored.split(':', 7);
	const {3: gid, 5: home} = live.split(':');

	return [name, password, uid, gid, comment, home, shell].join(':');
};

/** What of a live account is not as it is wanted, in words. */
const differences = ({live, wanted, settings}: Restore, identity: Identity): readonly string[] => {
	const sorted = (names: readonly string[]): string => names.toSorted().join(',');
	const {passwd, shadow, memberships} = live!;
	const hasOtherHash = wanted.groupHash !== null && groupHashOf(live!) !== null && groupHashOf(live!) !== wanted.groupHash;

	return [
		...passwd === wanted.passwd ? [] : ['passwd'],
		...wanted.shadow === null || shadow === wanted.shadow ? [] : ['shadow'],
		...hasOtherHash ? ['the password of its group'] : [],
		...sorted(memberships.map(({name}) => name)) === sorted(wanted.memberships) ? [] : ['groups'],
		...JSON.stringify(settingsOf(identity)) === JSON.stringify(settings) ? [] : ['settings'],
	];
};

const checkRecreation = async ({store}: RestoreContext, {user, record, database}: Restore): Promise<void> => {
	const roots = await readSetting(store, 'accounts.homeRoots');
	const reason = reasonNotToRecreate(user, {
		passwd: database.users,
		group: database.groups,
		uidMax: await readSetting(store, 'accounts.uidMax'),
		homeRoots: roots.split(',').map(root => fromText(root.trim())),
		groupName: record.group === null ? '' : parseGroup(record.group)[0]!.name,
	});

	if (reason !== undefined) {
		throw new Error(`the account is not made again: ${reason}`);
	}
};

const recreate = async ({store, account}: RestoreContext, {user, wanted}: Restore, editor: UserEditor): Promise<void> => {
	const takeBack = await makeHome(store, account, {path: user.home, uid: user.uid, gid: user.gid});

	try {
		await editor.create(wanted);
	} catch (error) {
		await takeBack();
		throw error;
	}
};
