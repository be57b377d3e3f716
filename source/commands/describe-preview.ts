import {toScreen, toText} from '../domain/raw-name.ts';
import type {RestoreAction, RestorePreview} from '../domain/restore.ts';
import {countOf, formatBytes, formatCount} from '../domain/units.ts';

const stepsShown = 40;

const actionWords: ReadonlyArray<readonly [RestoreAction, string]> = [
	['create', 'created'],
	['overwrite', 'overwritten'],
	['keep', 'kept as they are'],
	['liveOnly', 'only live: stay'],
	['delete', 'deleted'],
	['denied', 'denied'],
];

/** A preview as `--json` prints it. */
export const previewToJson = ({steps, stepsTotal, spaceNeededBytes, isLimited, denied, ...totals}: RestorePreview) => ({
	...totals,
	denied: isLimited ? denied.count > 0 : denied,
	steps: steps.map(step => ({...step, path: toText(step.path)})),
	stepsTotal,
	spaceNeededBytes,
});

export const previewFields = 'create, overwrite, keep, liveOnly, delete, denied (each {count, bytes}; for a user with restoration rights denied is true or false), steps [{path, action, reason}] (at most 1,000), stepsTotal, spaceNeededBytes';

/** What would be done: the totals, then the first steps. */
export const describePreview = (preview: RestorePreview): string => {
	const totals = actionWords
		.filter(([action]) => preview[action].count > 0)
		.map(([action, words]) => action === 'denied' && preview.isLimited
			? 'Something is left out: it is outside your restoration rights.'
			: `${formatCount(preview[action].count).padStart(9)}  ${words} (${formatBytes(preview[action].bytes)})`);
	const shown = preview.steps.filter(({action}) => action !== 'keep').slice(0, stepsShown);
	const rest = preview.stepsTotal - preview.keep.count - shown.length;

	return [
		...(totals.length === 0 ? ['Nothing is chosen.'] : totals),
		`Space needed: ${formatBytes(preview.spaceNeededBytes)}.`,
		...(shown.length === 0 ? [] : ['', ...shown.map(({path, action, reason}) => `  ${action.padEnd(9)} ${path === '' ? '.' : toScreen(path)}${reason === '' ? '' : `  (${reason})`}`)]),
		...(rest > 0 ? [`  … and ${countOf(rest, 'step')} more.`] : []),
	].join('\n');
};
