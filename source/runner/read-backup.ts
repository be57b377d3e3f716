import type {Backup} from '../domain/backup.ts';
import {UserError} from '../errors.ts';
import type {Store} from '../state/store.ts';

/**
What the state remembers of a backup.
@throws UserError `notFound`
*/
export const readBackup = async (store: Store, account: string, id: string): Promise<Backup> => {
	const {backups} = await store.read('backups', account);
	const backup = backups.find(candidate => candidate.id === id);

	if (backup === undefined) {
		throw new UserError(`The backup ${id} does not exist any more.`, {code: 'notFound', hint: 'See those that do with "holdfast backup list".'});
	}

	return backup;
};
