/** What a USER may see. Everything that shows accounts, backups, files or tasks asks here; nothing is hidden from administrators and operators. */
import {defaultAccountSettings, type Identity} from '../domain/account.ts';
import type {Backup} from '../domain/backup.ts';
import {
	isAccountSeen,
	viewBackup,
	type BackupView,
	type Limits,
} from '../domain/backup-view.ts';
import {noRights, type Rights} from '../domain/rights.ts';
import {hasIdLike} from '../domain/rotation-digest.ts';
import type {UserError} from '../errors.ts';
import {readLimitsOf} from '../runner/read-limits.ts';
import {eachRotation, readBackupDigests} from '../state/backup-digests.ts';
import {readIntactBackups, tryReadBackups} from '../state/read-backups.ts';
import {readSetting} from '../state/read-setting.ts';
import {refreshAccounts} from '../state/refresh-accounts.ts';
import type {Context} from './context.ts';

/** Asked anew by every act: rights that were changed hold at once. */
export const readLimits = async ({store, actor}: Pick<Context, 'store' | 'actor'>): Promise<Limits> => actor.role === 'user'
	// Who is no USER any more signs in again.
	? await readLimitsOf(store, actor.name) ?? noRights
	: undefined;

export type SeenIdentities = {readonly limits: Limits; readonly identities: readonly Identity[]};

/** The accounts that the actor may know of. A USER sees live ones of which something is within the rights, and nothing of their settings. */
export const seenIdentities = async (context: Context, identities: readonly Identity[]): Promise<SeenIdentities> => {
	const limits = await readLimits(context);

	if (limits === undefined) {
		return {limits, identities};
	}

	const machine = await readSetting(context.store, 'machine.name');
	const seen: Identity[] = [];

	const live = identities.filter(({status}) => status !== 'inactive');
	const readings = await readBackupDigests(context.store, {keys: live.map(({uuid}) => uuid)});

	for (const identity of live) {
		const {places} = readings.get(identity.uuid)!.digest;

		if (isAccountSeen(limits, {machine, account: identity.name, home: identity.home}) || (places.some(place => canBeSeen(limits, place)) && await hasSeenBackup(context, identity, limits))) {
			seen.push({...identity, ...defaultAccountSettings});
		}
	}

	return {limits, identities: seen};
};

/** What the rights say of where a backup was made; that it says yes proves nothing yet. */
const canBeSeen = (limits: Rights, {machine, home, account}: Pick<Backup, 'machine' | 'home' | 'account'>): boolean =>
	machine !== undefined && (home === undefined || isAccountSeen(limits, {machine, home, account}));

/** Of another machine, or of a time when it was named otherwise. */
const hasSeenBackup = async ({store}: Context, {uuid}: Identity, limits: Limits): Promise<boolean> => {
	const {backups} = await tryReadBackups(store, uuid);

	return backups.some(backup => viewBackup(limits, backup) !== undefined);
};

/** A backup as it is kept, and as the actor sees it. */
export type SeenBackup = {readonly backup: Backup; readonly view: BackupView};

export type SeenBackups = {readonly backups: readonly SeenBackup[]; readonly problems: readonly UserError[]};

/** All backups that the actor may know of, and why those of some accounts cannot be told. */
export const readSeenBackups = async (context: Context): Promise<SeenBackups> => {
	if (context.actor.role !== 'user') {
		const {backups, problems} = await readIntactBackups(context.store);

		return {backups: viewAll(undefined, backups), problems};
	}

	const {identities} = await refreshAccounts(context.store, context);
	const seen = await seenIdentities(context, identities);
	const read = await Promise.all(seen.identities.map(async ({uuid}) => tryReadBackups(context.store, uuid)));

	return {
		backups: read.flatMap(({backups}) => viewAll(seen.limits, backups)), problems: read.flatMap(({problem}) => problem ?? []),
	};
};

/**
The backups of one account that the actor may know of.
@throws UserError `damaged`
*/
export const readSeenBackupsOf = async (context: Context, uuid: string): Promise<readonly SeenBackup[]> => {
	const {backups} = await context.store.read('backups', uuid);

	return viewAll(await readLimits(context), backups);
};

const viewAll = (limits: Limits, backups: readonly Backup[]): readonly SeenBackup[] => backups.flatMap(backup => {
	const view = viewBackup(limits, backup);

	return view === undefined ? [] : [{backup, view}];
});

/** The accounts that the actor may know of, and of which a backup has an id that begins so. */
export const readAccountsOfBackups = async (context: Context, text: string): Promise<{readonly accounts: readonly string[]; readonly problems: readonly UserError[]}> => {
	const known = context.actor.role === 'user' ? await seenIdentities(context, (await refreshAccounts(context.store, context)).identities) : undefined; // eslint-disable-line unicorn/no-await-expression-member
	const accounts: string[] = [];
	const problems: UserError[] = [];

	for await (const [uuid, {digest, problem}] of eachRotation(context.store, known?.identities.map(identity => identity.uuid))) {
		accounts.push(...hasIdLike(digest, text) ? [uuid] : []);
		problems.push(...problem === undefined ? [] : [problem]);
	}

	return {accounts, problems};
};
