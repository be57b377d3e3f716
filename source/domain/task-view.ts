import {effectivePriority, type PrioritySubject} from './priority.ts';
import type {PriorityGroup} from './priority-group.ts';
import {
	compareQueued,
	compareText,
	explainWaiting,
	type Lane,
	type QueuedTask,
} from './queue.ts';
import type {Task, TaskProgress} from './task.ts';

/** A task as it is shown: with what the state does not keep. */
export type TaskView = Omit<Task, 'priority'> & {
	/** The effective one; a finished task keeps the one it was taken with. */
	readonly priority: number;
	readonly progress: TaskProgress;
	/** Why a pending task does not run yet; `null` when it is about to, and for others. */
	readonly waitReason: string | null;
};

/** What the order of the queue follows from, beside the tasks. */
export type QueueRules = {
	readonly groups: readonly PriorityGroup[];
	/** By account UUID. */
	readonly subjects: ReadonlyMap<string, PrioritySubject>;
	readonly lanes: Readonly<Record<Lane, number>>;
	/** Ids of the tasks whose private keys the runner has; without it none has. */
	readonly keysHeld?: ReadonlySet<string> | undefined;
};

export const noProgress: TaskProgress = {
	bytesDone: 0, bytesTotal: null, filesDone: 0, filesTotal: null, currentPath: null,
};

export const toQueuedTask = (task: Task, rules: QueueRules): QueuedTask => ({
	id: task.id,
	kind: task.kind,
	account: task.account,
	accountUuid: task.accountUuid,
	queuedAt: task.queuedAt,
	priority: task.priority ?? currentPriority(task, rules),
	isKeyMissing: isKeyMissing(task, rules.keysHeld),
});

/** Whether a task waits for an owner's private key. */
export const isKeyMissing = ({id, state, keysNeeded = []}: Pick<Task, 'id' | 'state' | 'keysNeeded'>, keysHeld: ReadonlySet<string> | undefined): boolean => state === 'pending' && keysNeeded.length > 0 && keysHeld?.has(id) !== true;

type ViewRequest = {
	readonly tasks: readonly Task[];
	readonly rules: QueueRules;
	/** By task id, of those that run. */
	readonly progress: ReadonlyMap<string, TaskProgress>;
};

/** The tasks as they are shown, in the order given. All running and pending ones must be among them: they are why others wait. */
export const viewTasks = ({tasks, rules, progress}: ViewRequest): readonly TaskView[] => {
	const queuedIn = (state: Task['state']): readonly QueuedTask[] => tasks.filter(task => task.state === state).map(task => toQueuedTask(task, rules));
	const reasons = explainWaiting({
		waiting: queuedIn('pending'), running: queuedIn('running'), ending: [], lanes: rules.lanes,
	});

	return tasks.map(task => ({
		...task,
		priority: task.priority ?? currentPriority(task, rules),
		progress: progress.get(task.id) ?? progressOfResults(task),
		waitReason: reasons.get(task.id) ?? null,
	}));
};

const currentPriority = ({kind, accountUuid}: Task, {groups, subjects}: QueueRules): number =>
	effectivePriority({kind, groups, account: subjects.get(accountUuid ?? '') ?? null});

/** Progress is never saved: what a finished task did is told by its results. */
const progressOfResults = ({items}: Task): TaskProgress => {
	if (items.length === 0) {
		return noProgress;
	}

	const bytes = items.reduce((sum, {sizeBytes}) => sum + sizeBytes, 0);
	const files = items.reduce((sum, {fileCount}) => sum + fileCount, 0);

	return {
		bytesDone: bytes, bytesTotal: bytes, filesDone: files, filesTotal: files, currentPath: null,
	};
};

/** What runs, then what waits in the order it is taken, then what ended, the newest first. */
export const orderTasks = (tasks: readonly TaskView[]): readonly TaskView[] => tasks.toSorted((left, right) => {
	const byStage = stageOf(left) - stageOf(right);

	if (byStage !== 0) {
		return byStage;
	}

	return left.state === 'pending' || left.state === 'running' ? compareQueued(left, right) : compareText(right.endedAt ?? '', left.endedAt ?? '');
});

const stageOf = ({state}: TaskView): number => {
	if (state === 'running') {
		return 0;
	}

	return state === 'pending' ? 1 : 2;
};
