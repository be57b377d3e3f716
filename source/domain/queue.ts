import type {TaskKind} from './task.ts';

export type Lane = 'backup' | 'restore';

/** What the queue needs to know of a task; `priority` is the effective one at this moment. */
export type QueuedTask = {
	readonly id: string;
	readonly kind: TaskKind;
	readonly account: string | null;
	readonly accountUuid: string | null;
	readonly queuedAt: string;
	readonly priority: number;
	/** It reads with an owner's private key, which nobody gave the runner. */
	readonly isKeyMissing?: boolean | undefined;
};

export type Queue = {
	readonly waiting: readonly QueuedTask[];
	readonly running: readonly QueuedTask[];
	/** Done, but their results are still being saved: they take no lane any more, and still keep their account to themselves. */
	readonly ending: readonly QueuedTask[];
	/** How many tasks each kind of lane takes at once. */
	readonly lanes: Readonly<Record<Lane, number>>;
};

export const laneOf: Readonly<Record<TaskKind, Lane>> = {
	backup: 'backup',
	cleanup: 'backup',
	restore: 'restore',
	download: 'restore',
	verify: 'restore',
	rollback: 'restore',
	assign: 'restore',
};

/** Effective priority, then time queued, then id. */
export const compareQueued = (left: QueuedTask, right: QueuedTask): number =>
	firstDifference([left.priority - right.priority, compareText(left.queuedAt, right.queuedAt), compareText(left.id, right.id)]);

/** The task a free lane takes now, or none. Restores come before backups: an account's backup waits for its restore, not the other way round. */
export const takeNext = (queue: Queue): QueuedTask | undefined => {
	const busy = busyOf(queue);

	return firstReady(queue, busy, 'restore') ?? firstReady(queue, busy, 'backup');
};

/** Why a waiting task does not run now, as a sentence's end ("waits for …"); `null` when it is about to be taken. */
export const explainWaiting = (queue: Queue): ReadonlyMap<string, string | null> => {
	const busy = busyOf(queue);

	return new Map(queue.waiting.map(task => [task.id, reasonToWait(task, queue, busy) ?? null]));
};

/** What the running tasks keep from others, gathered once for any number of waiting ones. */
type Busy = {
	readonly lanes: Readonly<Record<Lane, number>>;
	/** The running task that keeps an account to itself. */
	readonly accounts: ReadonlyMap<string, QueuedTask>;
	readonly cleanups: number;
	/** The first cleanup that waits: backups behind it wait too, or there would never be a moment without one. */
	readonly waitingCleanup: QueuedTask | undefined;
	/** All but cleanups; also those whose results are still being saved: a cleanup that began before would not know of the backup that was just made. */
	readonly others: number;
};

const busyOf = ({waiting, running, ending}: Queue): Busy => {
	const count = (isCounted: (task: QueuedTask) => boolean): number => running.filter(task => isCounted(task)).length;
	const unsaved = [...ending, ...running];
	const owners = unsaved.filter(task => task.accountUuid !== null && owningKinds.has(task.kind));

	return {
		lanes: {backup: count(({kind}) => laneOf[kind] === 'backup'), restore: count(({kind}) => laneOf[kind] === 'restore')},
		accounts: new Map(owners.map(task => [task.accountUuid!, task])),
		cleanups: count(({kind}) => kind === 'cleanup'),
		waitingCleanup: waiting.filter(({kind}) => kind === 'cleanup').toSorted(compareQueued)[0],
		others: unsaved.filter(({kind}) => kind !== 'cleanup').length,
	};
};

/** Two of these never work on one account at once: a home half restored is nothing to back up. */
const owningKinds: ReadonlySet<TaskKind> = new Set(['backup', 'restore', 'rollback', 'assign']);

const firstReady = (queue: Queue, busy: Busy, lane: Lane): QueuedTask | undefined => {
	let first: QueuedTask | undefined;

	for (const task of queue.waiting) {
		const isBefore = laneOf[task.kind] === lane && (first === undefined || compareQueued(task, first) < 0);

		if (isBefore && reasonToWait(task, queue, busy) === undefined) {
			first = task;
		}
	}

	return first;
};

const reasonToWait = (task: QueuedTask, {lanes}: Queue, busy: Busy): string | undefined => {
	if (task.isKeyMissing) {
		return `key needed: give it with "holdfast queue retry ${task.id} --private-key-file F"`;
	}

	const lane = laneOf[task.kind];
	const owner = owningKinds.has(task.kind) ? busy.accounts.get(task.accountUuid ?? '') : undefined;

	if (owner !== undefined) {
		return `waits for the ${owner.kind} of ${owner.account ?? 'the same account'}`;
	}

	// Cleanup moves and removes what all others read or write.
	if (task.kind === 'cleanup' && busy.others > 0) {
		return 'waits until nothing else runs';
	}

	if (busy.cleanups > 0 || isBehindCleanup(task, busy)) {
		return 'waits for the cleanup';
	}

	return busy.lanes[lane] >= lanes[lane] ? `waits for a free lane (${lanes[lane]} for ${laneNames[lane]})` : undefined;
};

const isBehindCleanup = (task: QueuedTask, {waitingCleanup}: Busy): boolean => task.kind === 'backup' && waitingCleanup !== undefined && compareQueued(waitingCleanup, task) < 0;

const laneNames: Readonly<Record<Lane, string>> = {backup: 'backups', restore: 'restores'};

const firstDifference = (differences: readonly number[]): number => differences.find(difference => difference !== 0) ?? 0;

export const compareText = (left: string, right: string): number => {
	if (left === right) {
		return 0;
	}

	return left < right ? -1 : 1;
};
