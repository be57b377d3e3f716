import {viewOrphan, type OrphanView} from '../domain/orphan.ts';
import type {UserError} from '../errors.ts';
import {tryReadBackups} from '../state/read-backups.ts';
import {readSetting} from '../state/read-setting.ts';
import {refreshAccounts} from '../state/refresh-accounts.ts';
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

export const listOrphans = action('listOrphans', async ({store, clock}: Context): Promise<OrphanList> => {
	const {identities, problems} = await refreshAccounts(store, {clock});
	const ttlDays = await readSetting(store, 'orphans.ttlDays');
	const orphans: OrphanView[] = [];
	const now = clock.now();
	const damage: UserError[] = [];

	for (const identity of identities) {
		if (identity.status !== 'inactive') {
			continue;
		}

		const {backups, problem} = await tryReadBackups(store, identity.uuid);
		damage.push(...problem === undefined ? [] : [problem]);
		const orphan = viewOrphan(identity, backups, {ttlDays, now});

		if (orphan) {
			orphans.push(orphan);
		}
	}

	return {
		orphans: orphans.toSorted((a, b) => Date.parse(a.lastSeenAt) - Date.parse(b.lastSeenAt)),
		problem: problems.length === 0 ? null : problems.join(' '),
		damage,
	};
});
