import {previewCleanup, startCleanup, type CleanupPreview} from '../actions/cleanup.ts';
import {showTasks} from '../actions/tasks.ts';
import {countOf, formatBytes} from '../domain/units.ts';
import {defineCommand} from './command.ts';
import {describeEnded, describeFindings, describeQueued} from './describe-task.ts';
import {exitCodeOf, followTasks} from './follow-tasks.ts';
import {taskFields, taskToJson} from './task-json.ts';

export const cleanup = defineCommand({
	arguments: [],
	options: {
		'dry-run': {type: 'flag', meaning: 'only tells what would be freed'},
		detach: {type: 'flag', meaning: 'returns at once; the work goes on in the background'},
	},
	json: `the task: ${taskFields}; with --dry-run {"destinations": […]}, each with destination, name, freedBytes, droppedPacks, rewrittenPacks, findings [{level, path, message}]`,
	details: [
		'Frees what no backup needs any more, after backups were deleted or runs were killed. It removes nothing that a backup needs, runs while nothing else does, and may be stopped at any time.',
		'A backup of which it cannot be told what it needs stops it (7): then nothing is removed.',
	],
	examples: ['holdfast cleanup --dry-run', 'holdfast cleanup'],
	needs: 'setup',
	async run({context, options, output, interruption}) {
		if (options['dry-run']) {
			const previews = await previewCleanup(context, {signal: interruption()});
			await output.result({destinations: previews.map(preview => previewToJson(preview))}, () => previews.map(preview => describePreview(preview)).join('\n'));
			return 0;
		}

		const queued = await startCleanup(context);

		if (options.detach) {
			const [view] = await showTasks(context, [queued]);
			await output.result(taskToJson(view!), () => describeQueued(view!));
			return 0;
		}

		const ended = await followTasks({context, output, interruption}, [queued]);
		await output.result(taskToJson(ended[0]!), () => describeEnded(ended[0]!));

		return exitCodeOf(ended);
	},
});

const previewToJson = ({destination, freedBytes, droppedPacks, rewrittenPacks, findings}: CleanupPreview) => ({
	destination: destination.id, name: destination.name, freedBytes, droppedPacks, rewrittenPacks, findings,
});

const describePreview = ({destination, freedBytes, droppedPacks, rewrittenPacks, findings}: CleanupPreview): string => [
	`${destination.name}: about ${formatBytes(freedBytes)} would be freed; ${countOf(droppedPacks, 'pack')} deleted, ${countOf(rewrittenPacks, 'pack')} written anew.`,
	...describeFindings(findings),
].join('\n');
