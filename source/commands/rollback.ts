import type {Context} from '../actions/context.ts';
import {previewRollback, startRollback} from '../actions/rollbacks.ts';
import {toScreen, toText} from '../domain/raw-name.ts';
import type {RollbackPreview} from '../domain/rollback.ts';
import {countOf} from '../domain/units.ts';
import {UserError} from '../errors.ts';
import {ask, canAsk} from './ask.ts';
import {defineCommand} from './command.ts';
import {describePreview, previewFields, previewToJson} from './describe-preview.ts';
import type {Output} from './output.ts';
import {ownerKeyOptions, withOwnerKeys} from './owner-keys.ts';
import {taskArgument} from './queue-show.ts';
import {taskFields} from './task-json.ts';
import {tellTasks} from './tell-tasks.ts';

const changesShown = 20;

export const rollback = defineCommand({
	arguments: [taskArgument],
	options: {
		'dry-run': {type: 'flag', meaning: 'tells what would be done, and changes nothing'},
		detach: {type: 'flag', meaning: 'returns at once; the work goes on in the background'},
		yes: {type: 'flag', meaning: 'asks nothing'},
		...ownerKeyOptions,
	},
	json: `the task: ${taskFields}. With --dry-run the preview: ${previewFields}, changedSince {count, paths} (what the restore brought and was changed since), cannotUndo (sentences)`,
	details: [
		'What was live before the restore comes back from its safety backup, and what the restore created goes; also of a restore that was aborted, or whose runner was killed.',
		'A safety backup is made first, so that a rollback can be rolled back, too. What cannot be undone is told before and in the result: then the task is partial.',
	],
	examples: ['holdfast rollback 3f2a91 --dry-run', 'holdfast rollback 3f2a91'],
	needs: 'setup',
	async run(invocation) {
		const {values, options, output, interruption} = invocation;
		const [id] = values;
		const context = await withOwnerKeys(invocation, {type: 'rollback', id});

		if (options['dry-run']) {
			const preview = await previewRollback(context, id, {signal: interruption()});
			await output.result({...previewToJson(preview), changedSince: {...preview.changedSince, paths: preview.changedSince.paths.map(path => toText(path))}}, () => describe(preview));
			return 0;
		}

		if (!options.yes) {
			await confirm(context, id, output);
		}

		const queued = await startRollback(context, id);

		return tellTasks({context, output, interruption}, [queued], {isDetached: options.detach});
	},
});

const confirm = async (context: Context, id: string, output: Output): Promise<void> => {
	if (output.isJson || !canAsk()) {
		throw new UserError('A rollback asks before it begins, and there is no terminal to ask on.', {code: 'usage', hint: 'Look at it with --dry-run, then give --yes.'});
	}

	output.note(`${describe(await previewRollback(context, id))}\n`);

	if (!['y', 'yes'].includes(await ask({text: 'Undo it? (yes or no)', fallback: 'no'}))) {
		throw new UserError('Nothing was done.', {code: 'interrupted'});
	}
};

const describe = (preview: RollbackPreview): string => {
	const {changedSince: {count, paths}, cannotUndo} = preview;
	const shown = paths.slice(0, changesShown);

	return [
		describePreview(preview),
		...(count === 0 ? [] : ['', `Changed or removed since the restore (${countOf(count, 'path')}); what was before the restore takes their place:`, ...shown.map(path => `  ${toScreen(path)}`)]),
		...(count > shown.length ? [`  … and ${count - shown.length} more.`] : []),
		...(cannotUndo.length === 0 ? [] : ['', 'Cannot be undone:', ...cannotUndo.map(sentence => `  ${sentence}`)]),
	].join('\n');
};
