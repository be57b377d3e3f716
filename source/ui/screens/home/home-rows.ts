import type {StatusView} from '../../../actions/status.ts';
import type {Problem} from '../../../domain/problems.ts';
import type {TaskView} from '../../../domain/task-view.ts';
import {countOf, formatBytes, formatCount} from '../../../domain/units.ts';
import {marker} from '../../components/table.ts';
import {progressBar} from '../../components/progress-bar.ts';
import {glyph} from '../../look/appearance.ts';
import {fit} from '../../look/fit.ts';
import {showName, showSentence} from '../../look/name.ts';
import {
	muted,
	plain,
	strong,
	toned,
	type Line,
} from '../../look/span.ts';
import {showAge, showNext} from '../../look/time.ts';
import type {Speed} from '../../tasks/speed.ts';
import {progressWords, shareDone, taskTitle} from '../../tasks/task-words.ts';

/** Where a row of home leads. */
export type HomeTarget =
	| {readonly type: 'screen'; readonly screen: 'accounts' | 'queue' | 'orphans' | 'jobs'}
	| {readonly type: 'account'; readonly name: string}
	| {readonly type: 'task'; readonly id: string}
	/** Nothing to open: the whole sentence and its next step are shown. */
	| {readonly type: 'problem'; readonly problem: Problem};

/** A line of home; those without a target are headings and cannot be focused. */
export type HomeRow = {readonly id: string; readonly target?: HomeTarget; readonly line: (isFocused: boolean) => Line};

export type HomeFacts = {
	/** `undefined` while it is being read. */
	readonly status: StatusView | undefined;
	/** What is awaited while it is read. */
	readonly waitingFor: string;
	readonly error: string | undefined;
	readonly running: ReadonlyArray<{readonly task: TaskView; readonly speed: Speed | undefined}>;
	readonly waitingCount: number;
	readonly now: Date;
};

/** More problems of one type than this become one row. */
const mostOfOneType = 3;
/** More than any line holds. */
const mostNames = 60;
const titleWidth = 16;

export const homeRows = (facts: HomeFacts): readonly HomeRow[] => [
	...problemRows(facts),
	...runningRows(facts),
	...placeRows(facts),
	...spaceRows(facts),
];

const blank: HomeRow = {id: 'blank', line: () => []};

const heading = (id: string, text: string, remark = ''): HomeRow => ({id, line: () => [{text: ' '}, strong(text), muted(remark)]});

const note = (id: string, line: Line): HomeRow => ({id, line: () => [{text: ' '.repeat(3)}, ...line]});

const problemRows = ({status, waitingFor, error}: HomeFacts): readonly HomeRow[] => {
	if (error !== undefined) {
		return [heading('problems', 'PROBLEMS'), note('error', [toned('bad', showSentence(error))]), blank];
	}

	if (status === undefined) {
		return [heading('problems', 'PROBLEMS'), note('reading', [muted(`${waitingFor} ...`)]), blank];
	}

	if (status.problems.length === 0) {
		return [heading('problems', 'PROBLEMS'), note('none', [toned('good', `${glyph('good')} none`)]), blank];
	}

	const types = [...new Set(status.problems.map(({type}) => type))];

	return [heading('problems', 'PROBLEMS', `  ${formatCount(status.problems.length)}`), ...types.flatMap(type => rowsOfType(status.problems.filter(problem => problem.type === type))), blank];
};

const rowsOfType = (problems: readonly Problem[]): readonly HomeRow[] => {
	const [first] = problems;

	if (problems.length > mostOfOneType) {
		const names = problems.slice(0, mostNames).map(({account}) => account === null ? '' : showName(account)).join(', ');

		return [{
			id: `problems:${first!.type}`,
			target: {type: 'screen', screen: first!.type === 'orphan' ? 'orphans' : 'accounts'},
			line: isFocused => [...marker({isFocused}), problemMark(first!), {text: `${countOf(problems.length, 'account')} ${groupWords[first!.type]}`, isStrong: isFocused}, muted(`  ${names}`)],
		}];
	}

	return problems.map((problem, index): HomeRow => ({
		id: `problem:${problem.type}:${problem.account ?? index}`,
		target: targetOf(problem),
		line: isFocused => [...marker({isFocused}), problemMark(problem), {text: problem.account === null ? '' : `${showName(problem.account)}: `, isStrong: true}, {text: showSentence(problem.message), isStrong: isFocused}],
	}));
};

const warnings: ReadonlySet<Problem['type']> = new Set(['partial', 'overdue', 'orphan']);

const problemMark = ({type}: Problem) => warnings.has(type)
	? toned('warning', fit(glyph('warning'), 2))
	: toned('bad', fit(glyph('bad'), 2));

const groupWords: Readonly<Record<Problem['type'], string>> = {
	source: 'have a problem',
	destination: 'have a problem',
	account: 'have a problem',
	daemon: 'did not run',
	failed: 'had a task that failed',
	partial: 'had a task that was partial',
	interrupted: 'had a task that was interrupted',
	overdue: 'have no recent backup',
	orphan: 'were removed, and their backups expire soon',
};

const targetOf = (problem: Problem): HomeTarget => {
	if (problem.account === null) {
		return {type: 'problem', problem};
	}

	return problem.type === 'orphan' ? {type: 'screen', screen: 'orphans'} : {type: 'account', name: problem.account};
};

const runningRows = ({running, waitingCount}: HomeFacts): readonly HomeRow[] => {
	if (waitingCount === 0 && running.length === 0) {
		return [];
	}

	return [
		heading('running', 'RUNNING', waitingCount === 0 ? '' : `  ${formatCount(waitingCount)} waiting`),
		...running.map(({task, speed}): HomeRow => ({
			id: `task:${task.id}`,
			target: {type: 'task', id: task.id},
			line: isFocused => [
				...marker({isFocused}),
				{text: fit(taskTitle(task), titleWidth + 4), isStrong: isFocused},
				...(shareDone(task.progress) === undefined ? [] : [...progressBar(shareDone(task.progress), 18), plain('  ')]),
				plain(progressWords(task.progress, speed)),
			],
		})),
		blank,
	];
};

const placeRows = ({status, now}: HomeFacts): readonly HomeRow[] => [
	place('accounts', 'Accounts', status === undefined ? '' : accountWords(status, now)),
	place('queue', 'Queue', status === undefined ? '' : `${countOf(status.queue.running, 'task')} running, ${formatCount(status.queue.pending)} waiting`),
	place('orphans', 'Orphans', status === undefined ? '' : orphanWords(status)),
	place('jobs', 'Jobs', status === undefined ? '' : jobWords(status, now)),
	blank,
];

const place = (screen: 'accounts' | 'queue' | 'orphans' | 'jobs', title: string, words: string): HomeRow => ({
	id: `place:${screen}`,
	target: {type: 'screen', screen},
	line: isFocused => [...marker({isFocused}), {text: fit(title, titleWidth), isStrong: true}, plain(words)],
});

const accountWords = ({accounts, lastBackupAt}: StatusView, now: Date): string => {
	const suspended = accounts.suspended === 0 ? '' : `, ${formatCount(accounts.suspended)} suspended`;
	const without = accounts.withoutBackup === 0 ? '' : `, ${formatCount(accounts.withoutBackup)} without backup`;

	return `${formatCount(accounts.active)} active${suspended}${without}; last backup ${showAge(lastBackupAt, now)}`;
};

const jobWords = ({nextRunAt, isDaemonRunning}: StatusView, now: Date): string => {
	if (nextRunAt === null) {
		return 'nothing runs by schedule';
	}

	return isDaemonRunning ? `next run ${showNext(nextRunAt, now)}` : 'there is no daemon, so nothing runs by schedule';
};

const orphanWords = ({accounts: {orphans}}: StatusView): string => orphans === 0 ? 'none' : `${countOf(orphans, 'removed account')} with backups`;

const spaceRows = ({status}: HomeFacts): readonly HomeRow[] => status === undefined || status.destinations.length === 0
	? []
	: [
		heading('space', 'SPACE'),
		...status.destinations.map(({id, name, folder, freeBytes, totalBytes, problem}) => note(`space:${id}`, [
			plain(fit(name, titleWidth)),
			...(freeBytes === null || totalBytes === null || totalBytes === 0
				? [toned('warning', problem === null ? 'unknown' : showSentence(problem))]
				: [...progressBar(1 - (freeBytes / totalBytes), 16), plain(` used, ${formatBytes(freeBytes)} free  `)]),
			muted(showSentence(folder)),
		])),
	];
