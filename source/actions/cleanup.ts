import type {Destination} from '../domain/destination.ts';
import type {Task} from '../domain/task.ts';
import type {CleanupResult} from '../engine/engine.ts';
import {startEngine} from '../engine/start-engine.ts';
import {cleanVaults} from '../runner/clean-vaults.ts';
import {readVaultsAt} from '../runner/vault-location.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';
import {queueTasks} from './queue-tasks.ts';

export type CleanupPreview = CleanupResult & {readonly destination: Destination};

export type CleanupInput = {
	/** What this server remembers of backups under owners' keys goes, too: the next backup of each reads everything anew. */
	readonly isForgetting?: boolean;
};

/**
Queues the freeing of what no backup needs.
@throws UserError `refused` unless an administrator acts.
*/
export const startCleanup = action('startCleanup', async (context: Context, {isForgetting = false}: CleanupInput = {}): Promise<Task> => {
	const [task] = await queueTasks(context, [{
		kind: 'cleanup', account: null, accountUuid: null, backup: null, request: {kind: 'cleanup', ...isForgetting && {isForgetting}},
	}]);

	return task!;
});

/**
Tells what a cleanup would free at each destination, and changes nothing.
@throws UserError `refused` unless an administrator acts, `failed` when a destination is not there, `key`, `damaged`, `interrupted`.
*/
export const previewCleanup = action('previewCleanup', async (context: Context, {signal}: {readonly signal?: AbortSignal | undefined} = {}): Promise<readonly CleanupPreview[]> => {
	const {destinations} = await context.store.read('destinations');
	const engine = startEngine();
	const previews: CleanupPreview[] = [];

	try {
		for (const destination of destinations) {
			const vaults = await readVaultsAt(context, destination.id);
			previews.push({destination, ...await cleanVaults(vaults, async vault => engine.planCleanup({vault}, {signal}))});
		}
	} finally {
		await engine.close();
	}

	return previews;
});
