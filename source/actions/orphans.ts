import {viewOrphan, type OrphanView} from '../domain/orphan.ts';
import type {UserError} from '../errors.ts';
import {readBackupDigests} from '../state/backup-digests.ts';
import {readSetting} from '../state/read-setting.ts';
import {refreshAccounts, type KnownAccounts} from '../state/refresh-accounts.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';

export type OrphanList = {
	/** The longest gone first. */
	readonly orphans: readonly OrphanView[];
	/** Why the account source could not be followed, as sentences. */
	readonly problem: string | null;
	/** Removed accounts of which it cannot be told whether they have backups: the file that says so is damaged. */
	readonly damage: readonly UserError[];
};

export const listOrphans = action('listOrphans', async (context: Context): Promise<OrphanList> => viewOrphans(context, await refreshAccounts(context.store, context)));

/** As `listOrphans`, of accounts that were just read. */
export const viewOrphans = async ({store, clock}: Context, {identities, problems}: KnownAccounts): Promise<OrphanList> => {
	const ttlDays = await readSetting(store, 'orphans.ttlDays');
	const gone = identities.filter(({status}) => status === 'inactive');
	const readings = await readBackupDigests(store, {keys: gone.map(({uuid}) => uuid)});
	const now = clock.now();
	const orphans = gone.flatMap(identity => viewOrphan(identity, readings.get(identity.uuid)!.digest, {ttlDays, now}) ?? []);

	return {
		orphans: orphans.toSorted((a, b) => Date.parse(a.lastSeenAt) - Date.parse(b.lastSeenAt)),
		problem: problems.length === 0 ? null : problems.join(' '),
		damage: [...readings].flatMap(([, {problem}]) => problem ?? []),
	};
};
