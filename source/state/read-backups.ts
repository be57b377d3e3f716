import type {Backup} from '../domain/backup.ts';
import {UserError} from '../errors.ts';
import type {Store} from './store.ts';

export type IntactBackups = {
	readonly backups: readonly Backup[];
	/** Why the files of other accounts cannot be read. */
	readonly problems: readonly UserError[];
};

/** The backups of all accounts. One whose file is damaged hides no other. */
export const readIntactBackups = async (store: Store): Promise<IntactBackups> => {
	const backups: Backup[] = [];
	const problems: UserError[] = [];

	for (const key of await store.keys('backups')) {
		const {backups: intact, problem} = await tryReadBackups(store, key);
		backups.push(...intact);
		problems.push(...problem === undefined ? [] : [problem]);
	}

	return {backups, problems};
};

/** The backups of one account, or why they cannot be told. */
export const tryReadBackups = async (store: Store, account: string): Promise<{readonly backups: readonly Backup[]; readonly problem: UserError | undefined}> => {
	try {
		const {backups} = await store.read('backups', account);

		return {backups, problem: undefined};
	} catch (error) {
		if (error instanceof UserError && error.code === 'damaged') {
			return {backups: [], problem: error};
		}

		throw error;
	}
};
