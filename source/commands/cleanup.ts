import {previewCleanup, startCleanup, type CleanupPreview} from '../actions/cleanup.ts';
import {previewRetention} from '../actions/preview-retention.ts';
import {countOf, formatBytes} from '../domain/units.ts';
import {defineCommand} from './command.ts';
import {describeFindings} from './describe-task.ts';
import {decisionToJson, describeDecisions} from './describe-retention.ts';
import {tellDamage} from './tell-damage.ts';
import {taskFields} from './task-json.ts';
import {tellTasks} from './tell-tasks.ts';

export const cleanup = defineCommand({
	arguments: [],
	options: {
		'dry-run': {type: 'flag', meaning: 'only tells what would be freed'},
		'forget-remote-caches': {type: 'flag', meaning: 'removes what this server remembers of backups under keys that their owners keep'},
		detach: {type: 'flag', meaning: 'returns at once; the work goes on in the background'},
	},
	json: `the task: ${taskFields}; with --dry-run {"removed": […], "kept": […]}, the backups by what retention says, each with id, accountUuid, account, createdAt, kind, job, reasons; and "destinations": […], each with destination, name, freedBytes (without what the removed backups alone use), droppedPacks, rewrittenPacks, findings [{level, path, message}]; and "notes": […], sentences: why less has expired than the clock says`,
	details: [
		'Removes the backups that no rule keeps (schedules, limits, expiry of orphans), each named with its reason under --dry-run. Locked ones and the newest complete one of an account stay.',
		'By a clock that may be wrong nothing is removed: not while it is before an account\'s newest backup, and what expires only by a jump of more than a year ahead goes a day later.',
		'Frees what no backup needs any more, after backups were deleted or runs were killed. It removes nothing that a backup needs, runs while nothing else does, and may be stopped at any time.',
		'To back up unattended under a key that its owner keeps, this server remembers the names, sizes and times of what it last stored, and what of that is needed. --forget-remote-caches removes it: then the next backup of each such account reads everything anew, and what earlier ones alone need is freed when they are gone.',
		'A backup of which it cannot be told what it needs stops it (7): then nothing is removed.',
	],
	examples: ['holdfast cleanup --dry-run', 'holdfast cleanup', 'holdfast cleanup --forget-remote-caches'],
	needs: 'setup',
	async run({context, options, output, interruption}) {
		if (options['dry-run']) {
			const previews = await previewCleanup(context, {signal: interruption()});
			const {removed, kept, problems, jump} = await previewRetention(context);
			await output.result(
				{
					removed: removed.map(decision => decisionToJson(decision)),
					kept: kept.map(decision => decisionToJson(decision)),
					destinations: previews.map(preview => previewToJson(preview)),
					notes: jump === undefined ? [] : [jump],
				},
				() => [describeDecisions('Removed', removed), describeDecisions('Kept', kept), ...jump === undefined ? [] : [`${jump}.`], ...previews.map(preview => describePreview(preview))].join('\n'),
			);
			return tellDamage(problems, output);
		}

		const queued = await startCleanup(context, {isForgetting: options['forget-remote-caches']});

		return tellTasks({context, output, interruption}, [queued], {isDetached: options.detach});
	},
});

const previewToJson = ({destination, freedBytes, droppedPacks, rewrittenPacks, findings}: CleanupPreview) => ({
	destination: destination.id, name: destination.name, freedBytes, droppedPacks, rewrittenPacks, findings,
});

const describePreview = ({destination, freedBytes, droppedPacks, rewrittenPacks, findings}: CleanupPreview): string => [
	`${destination.name}: about ${formatBytes(freedBytes)} would be freed; ${countOf(droppedPacks, 'pack')} deleted, ${countOf(rewrittenPacks, 'pack')} written anew.`,
	...describeFindings(findings),
].join('\n');
