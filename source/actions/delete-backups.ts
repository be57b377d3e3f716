import type {Backup} from '../domain/backup.ts';
import {removeBackups} from '../runner/remove-backups.ts';
import type {Context} from './context.ts';
import {requireAdministrator} from './require-role.ts';

/**
Deletes backups for good. What only they used is freed by the next cleanup.
@throws UserError `refused` unless an administrator acts, `busy` for one that is locked or being restored, `failed` when the destination is not there, `key`, `damaged`.
*/
export const deleteBackups = async (context: Context, backups: ReadonlyArray<Pick<Backup, 'id' | 'accountUuid' | 'destination'>>): Promise<void> => {
	requireAdministrator(context);
	await removeBackups(context, backups);
};
