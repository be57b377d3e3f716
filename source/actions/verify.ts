import type {Task} from '../domain/task.ts';
import {findBackup} from './backups.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';
import {queueTasks} from './queue-tasks.ts';

export type VerifyInput = {
	/** As `showBackup` takes it; all backups without it. */
	readonly backup?: string | undefined;
	/** Reads every stored byte, too. */
	readonly isDataRead: boolean;
};

/**
Queues the proof that backups can be restored.
@throws UserError `notFound`, `usage`, `refused` for those who may not verify all.
*/
export const startVerify = action('startVerify', async (context: Context, {backup: text, isDataRead}: VerifyInput): Promise<Task> => {
	const backup = text === undefined ? undefined : await findBackup(context, text);

	const [task] = await queueTasks(context, [{
		kind: 'verify',
		account: backup?.account ?? null,
		accountUuid: backup?.accountUuid ?? null,
		backup: backup?.id ?? null,
		request: {kind: 'verify', backup: backup?.id ?? null, isDataRead},
	}]);

	return task!;
});
