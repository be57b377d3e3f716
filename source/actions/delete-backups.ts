import type {Backup} from '../domain/backup.ts';
import {removeBackups} from '../runner/remove-backups.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';

/**
Deletes backups for good. What only they used is freed by the next cleanup.
@throws UserError `refused` unless an administrator acts, `busy` for one that is locked or being restored, `failed` when the destination is not there, `key`, `damaged`.
*/
export const deleteBackups = action('deleteBackups', async (context: Context, backups: ReadonlyArray<Pick<Backup, 'id' | 'accountUuid' | 'destination'>>): Promise<void> => {
	await removeBackups(context, backups);
});
