import {viewOrphan, type OrphanView} from '../domain/orphan.ts';
import {readSetting} from '../state/read-setting.ts';
import {refreshAccounts} from '../state/refresh-accounts.ts';
import type {Context} from './context.ts';

export type OrphanList = {
	/** The longest gone first. */
	readonly orphans: readonly OrphanView[];
	/** Why the account source could not be followed, as sentences. */
	readonly problem: string | null;
};

export const listOrphans = async ({store, clock}: Context): Promise<OrphanList> => {
	const {identities, problems} = await refreshAccounts(store, {clock});
	const ttlDays = await readSetting(store, 'orphans.ttlDays');
	const orphans: OrphanView[] = [];
	const now = clock.now();

	for (const identity of identities) {
		if (identity.status !== 'inactive') {
			continue;
		}

		const {backups} = await store.read('backups', identity.uuid);
		const orphan = viewOrphan(identity, backups, {ttlDays, now});

		if (orphan) {
			orphans.push(orphan);
		}
	}

	return {
		orphans: orphans.toSorted((a, b) => Date.parse(a.lastSeenAt) - Date.parse(b.lastSeenAt)),
		problem: problems.length === 0 ? null : problems.join(' '),
	};
};
