import type {ItemResult, ItemStatus} from '../../../domain/item.ts';
import {fromText} from '../../../domain/raw-name.ts';
import type {RestoreRequest, RestoreSummary, StepTotal} from '../../../domain/restore.ts';
import {isUnfinished} from '../../../domain/task-state.ts';
import type {TaskView} from '../../../domain/task-view.ts';
import {
	countOf,
	formatBytes,
	formatCount,
	formatDuration,
} from '../../../domain/units.ts';
import {progressBar} from '../../components/progress-bar.ts';
import type {ReportColumn} from '../../components/report-table.tsx';
import {glyph} from '../../look/appearance.ts';
import {clipStart, fit, wrapWords} from '../../look/fit.ts';
import {showName, showSentence} from '../../look/name.ts';
import {
	muted,
	plain,
	strong,
	toned,
	type Line,
	type Span,
} from '../../look/span.ts';
import {showTime} from '../../look/time.ts';
import type {Speed} from '../../tasks/speed.ts';
import {
	progressWords,
	shareDone,
	taskStateSpan,
	taskTitle,
} from '../../tasks/task-words.ts';
import {factLine} from '../../components/fact-line.ts';
import {itemWords} from '../backups/backups-list.ts';

/** What the task is and how it stands. */
export const factLines = (task: TaskView): readonly Line[] => [
	factLine('State', [taskStateSpan(task.state), ...(task.waitReason === null ? [] : [muted(`  ${showSentence(task.waitReason)}`)])]),
	...requestLines(task),
	factLine('Asked for', [plain(`${showTime(task.queuedAt)} by ${showSentence(task.requestedBy)}`), muted(`  priority ${task.priority}`)]),
	...(task.startedAt === null ? [] : [factLine('Ran', [plain(`${showTime(task.startedAt)}${durationWords(task)}`)])]),
];

const requestLines = ({request, backup, state, safetyBackup}: TaskView): readonly Line[] => {
	if (request.kind === 'backup') {
		return backup === null || isUnfinished(state) ? [] : [factLine('Backup', [plain(backup)])];
	}

	if (request.kind === 'verify') {
		return [factLine('Checks', [plain(request.backup ?? 'all backups'), muted(request.isDataRead ? '  every stored byte' : '  that everything is there')])];
	}

	if (request.kind === 'cleanup') {
		return [];
	}

	if (request.kind === 'assign') {
		return [factLine('Takes over', [plain(`the backups of ${request.from}`)])];
	}

	if (request.kind === 'rollback') {
		return [factLine('Undoes', [plain(`task ${request.rollback.task}`)])];
	}

	if (request.kind === 'download') {
		return [factLine('Packs', [plain(request.download.backup), muted(request.download.recipient === null ? '' : '  encrypted')])];
	}

	const {target, items} = request.restore;
	const place = target.type === 'original' ? 'to the original place' : `into ${showName(fromText(target.path))}`;
	const what = items === undefined ? '' : items.map(({name}) => itemWords[name].toLowerCase()).join(', ');

	return [
		factLine('Restores', [plain(`${request.restore.backup} ${place}`), muted(mannerWords(request.restore))]),
		...(what === '' ? [] : [factLine('Items', [plain(what)])]),
		...(safetyBackup === null ? [] : [factLine('Safety', [plain(safetyBackup), muted('  what was live before; U brings it back')])]),
	];
};

const mannerWords = ({isMerge, isMirror, isTerminating, isSuspending}: RestoreRequest): string => [
	isMerge ? 'only what is missing' : '',
	isMirror === true ? 'mirror' : '',
	isTerminating === true ? 'terminate' : '',
	isSuspending === true ? 'suspend' : '',
].filter(word => word !== '').map(word => `  ${word}`).join('');

const durationWords = ({startedAt, endedAt}: TaskView): string => startedAt === null || endedAt === null
	? ''
	: `, took ${formatDuration((Date.parse(endedAt) - Date.parse(startedAt)) / 1000)}`;

/** The bar, the numbers and what is being read or written now. */
export const progressLines = ({progress}: TaskView, speed: Speed | undefined, width: number): readonly Line[] => {
	const share = shareDone(progress);
	const path = progress.currentPath === null ? '' : clipStart(showName(progress.currentPath), width - 6);

	return [
		share === undefined ? [muted('   how much there is to do is not known yet')] : [plain(' '.repeat(3)), ...progressBar(share, Math.min(60, width - 6))],
		[plain(`   ${progressWords(progress, speed)}`)],
		[muted(`   ${path}`)],
	];
};

export const summaryColumns: readonly ReportColumn[] = [
	{title: ''},
	{title: 'CREATED', alignment: 'right'},
	{title: 'OVERWRITTEN', alignment: 'right'},
	{title: 'KEPT', alignment: 'right'},
	{title: 'LIVE ONLY', alignment: 'right'},
	{title: 'DELETED', alignment: 'right'},
	{title: 'FAILED', alignment: 'right'},
];

/** Counts and bytes of what a restore did. */
export const summaryRows = ({created, overwritten, kept, liveOnly, deleted, failed}: RestoreSummary): ReadonlyArray<readonly string[]> => {
	const totals: readonly StepTotal[] = [created, overwritten, kept, liveOnly, deleted, failed];

	return [
		['entries', ...totals.map(({count}) => formatCount(count))],
		['bytes', ...totals.map(({count, bytes}) => count === 0 ? glyph('none') : formatBytes(bytes))],
	];
};

export const backupColumns: readonly ReportColumn[] = [{title: 'ITEM'}, {title: 'STATUS'}, {title: 'FILES', alignment: 'right'}, {title: 'SIZE', alignment: 'right'}];

export const itemRows = ({items}: TaskView): ReadonlyArray<readonly string[]> => items.map(({name, status, fileCount, sizeBytes}) => [name, status, formatCount(fileCount), formatBytes(sizeBytes)]);

/** What an ended task leaves to be read: the error, what to do next, the findings. */
export const resultLines = (task: TaskView, width: number): readonly Line[] => [
	...errorLines(task, width),
	...nextLines(task, width),
	...partLines(task, width),
	...findingLines(task),
];

const errorLines = ({error}: TaskView, width: number): readonly Line[] => error === null
	? []
	: [
		...wrapWords(showSentence(error.message), width - 6).map((text): Line => [toned('bad', `   ${text}`)]),
		...(error.hint === null ? [] : wrapWords(showSentence(error.hint), width - 6).map((text): Line => [plain(`   ${text}`)])),
		[],
	];

const nextLines = (task: TaskView, width: number): readonly Line[] => [
	...wrapWords(nextStep(task), width - 16).map((text, index): Line => [index === 0 ? strong('   What next  ') : plain(' '.repeat(14)), plain(text)]),
	[],
];

const nextStep = ({kind, state}: TaskView): string => {
	const words = Object.hasOwn(nextSteps, kind) ? nextSteps[kind] : nextSteps.backup;

	switch (state) {
		case 'completed':
		case 'partial': {
			return words[state];
		}

		case 'failed': {
			return 'Mend what is named above; R runs it again.';
		}

		case 'aborted':
		case 'interrupted': {
			return words.stopped;
		}

		case 'pending':
		case 'running': {
			return 'Leave whenever you like: it goes on without this screen.';
		}
	}
};

const nextSteps = {
	backup: {
		completed: 'Nothing: Enter shows the new backup.',
		partial: 'See below what could not be read; Enter shows what the backup holds.',
		stopped: 'R runs it again; nothing of it was left behind.',
	},
	restore: {
		completed: 'Nothing: all of it was written and checked. U rolls it back.',
		partial: 'See below what did not come back; R runs it again, and what is right already is kept. U rolls it back.',
		stopped: 'R runs it again; what was restored already is kept. U rolls it back.',
	},
	rollback: {
		completed: 'Nothing: what was live before came back. U undoes this rollback, too.',
		partial: 'See below what could not be undone; R runs it again.',
		stopped: 'R runs it again; what was undone already is kept.',
	},
	download: {
		completed: 'Save it, or fetch it by ssh: "downloads" in the palette (:).',
		partial: 'See below what is missing in the package; "downloads" in the palette (:) shows it.',
		stopped: 'R runs it again; nothing of it was left behind.',
	},
	verify: {
		completed: 'Nothing: what was checked can be restored.',
		partial: 'See below what is damaged. The next backup stores anew what still exists; then R verifies again.',
		stopped: 'R runs it again, from the beginning.',
	},
	cleanup: {
		completed: 'Nothing: see below what was freed.',
		partial: 'See below what was left as it is; R runs it again.',
		stopped: 'R runs it again; what was freed already stays freed.',
	},
	assign: {
		completed: 'Nothing: the backups are listed with the account.',
		partial: 'R runs it again.',
		stopped: 'R runs it again, and finishes it; every backup belongs to one of the two.',
	},
} as const;

/** What became of each item of a restore: how many of its parts came back, and why one did not. */
const partLines = ({items, summary}: TaskView, width: number): readonly Line[] => summary === null || items.length === 0
	? []
	: [...items.flatMap(item => itemLines(item, width)), []];

const itemLines = ({name, status, parts, fileCount, sizeBytes, error}: ItemResult, width: number): readonly Line[] => {
	const done = parts.filter(part => part.status === 'complete').length;
	const count = name === 'homedir' ? countOf(fileCount, 'file') : `${formatCount(done)} of ${countOf(parts.length, 'part')}`;
	const problems = [...error === null ? [] : [error], ...parts.flatMap(part => part.error === null ? [] : [`${showName(part.name)}: ${part.error}`])];

	return [
		[plain(`   ${fit(itemWords[name], 16)}`), {...itemStatusSpans[status], text: fit(itemStatusSpans[status].text, 12)}, plain(count), muted(sizeBytes === 0 ? '' : `  ${formatBytes(sizeBytes)}`)],
		...problems.flatMap(problem => wrapWords(showSentence(problem), width - 8)).map((text): Line => [toned('warning', `      ${text}`)]),
	];
};

const itemStatusSpans: Readonly<Record<ItemStatus, Span>> = {
	complete: {text: 'complete', tone: 'good'},
	partial: {text: 'partial', tone: 'warning'},
	failed: {text: 'failed', tone: 'bad'},
	absent: {text: 'absent', isMuted: true},
	skipped: {text: 'skipped', isMuted: true},
};

const findingLines = ({findings}: TaskView): readonly Line[] => findings.length === 0
	? []
	: [
		[strong(`   ${countOf(findings.length, 'finding')}`)],
		...findings.map(({level, path, message}): Line => [
			level === 'problem' ? toned('warning', `   ${glyph('warning')} `) : muted(`   ${glyph('dot')} `),
			plain(path === '' ? '' : `${showName(path)}: `),
			muted(showSentence(message)),
		]),
	];

/** A task with its result, for the second pane. */
export const taskDetails = (task: TaskView, width: number): readonly Line[] => [
	[strong(taskTitle(task)), muted(`  ${task.id}`)],
	[],
	...factLines(task),
	[],
	...(isUnfinished(task.state) ? progressLines(task, undefined, width) : resultLines(task, width)),
];
