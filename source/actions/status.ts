import {findProblems, type Problem} from '../domain/problems.ts';
import {isUnfinished} from '../domain/task-state.ts';
import type {Task} from '../domain/task.ts';
import {readIntactTaskDigests, readTasks} from '../runner/task-records.ts';
import type {ReadingProgress} from '../state/digests.ts';
import {readSetting} from '../state/read-setting.ts';
import {refreshAccounts} from '../state/refresh-accounts.ts';
import type {Store} from '../state/store.ts';
import {viewKnown} from './accounts.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';
import {isDaemonRunning} from './daemon-lock.ts';
import {listDestinations, type DestinationView} from './destinations.ts';
import {viewJobs} from './list-jobs.ts';
import {viewOrphans} from './orphans.ts';
import {withoutLost} from './view-stored.ts';

export type StatusView = {
	/** The machine's name. */
	readonly machine: string;
	readonly stateDirectory: string;
	/** What to look at first; none: all is well. */
	readonly problems: readonly Problem[];
	readonly accounts: {
		readonly active: number;
		readonly suspended: number;
		readonly orphans: number;
		/** Users of the system. */
		readonly hidden: number;
		/** Active and suspended ones without any backup. */
		readonly withoutBackup: number;
	};
	readonly queue: {readonly running: number; readonly pending: number};
	/** Whether a daemon runs, which follows the schedules. */
	readonly isDaemonRunning: boolean;
	/** The next run by schedule of any job; `null`: none. */
	readonly nextRunAt: string | null;
	/** The newest finished tasks, the newest first. */
	readonly lastTasks: readonly Task[];
	readonly destinations: readonly DestinationView[];
	/** When the newest backup of all was made. */
	readonly lastBackupAt: string | null;
};

const shownTasks = 5;

/** One screen: problems first, then what runs, then space. */
export const readStatus = action('readStatus', async (context: Context, {onProgress}: {readonly onProgress?: ReadingProgress} = {}): Promise<StatusView> => {
	const {store, clock} = context;
	const known = await refreshAccounts(store, context);
	const {accounts, hiddenCount, problem} = await viewKnown(context, known, {onProgress});
	const {orphans} = await viewOrphans(context, known);
	const destinations = await listDestinations(context);
	const tasks = await withoutLost(context, await readTasksOfNote(store));
	const isDaemon = await isDaemonRunning(store.directory);
	const jobs = await viewJobs(context, known, tasks.filter(({state}) => isUnfinished(state)));
	const count = (state: 'running' | 'pending'): number => tasks.filter(task => task.state === state).length;

	return {
		machine: await readSetting(store, 'machine.name'),
		stateDirectory: store.directory,
		problems: findProblems({
			accounts,
			orphans,
			tasks,
			sourceProblems: problem === null ? [] : [problem],
			destinationProblems: destinations.flatMap(destination => destination.problem ?? []),
			missedRuns: isDaemon ? [] : jobs.flatMap(({name, missedSince}) => missedSince === null ? [] : [{job: name, since: new Date(missedSince)}]),
			overdueDays: await readSetting(store, 'status.overdueDays'),
			now: clock.now(),
		}),
		accounts: {
			active: accounts.filter(({status}) => status === 'active').length,
			suspended: accounts.filter(({status}) => status === 'suspended').length,
			orphans: orphans.length,
			hidden: hiddenCount,
			withoutBackup: accounts.filter(({backupCount}) => backupCount === 0).length,
		},
		queue: {running: count('running'), pending: count('pending')},
		isDaemonRunning: isDaemon,
		nextRunAt: jobs.flatMap(({nextRunAt}) => nextRunAt ?? []).toSorted()[0] ?? null,
		lastTasks: newestFinished(tasks),
		destinations,
		lastBackupAt: accounts.flatMap(({lastBackupAt}) => lastBackupAt ?? []).toSorted().at(-1) ?? null,
	};
});

/** What runs, waits or went wrong, and what ended last. */
const readTasksOfNote = async (store: Store): Promise<readonly Task[]> => {
	const digests = await readIntactTaskDigests(store);
	const since = digests.values().flatMap(({ends}) => ends).toArray().toSorted().at(-shownTasks) ?? '';
	const noted = [...digests].filter(([, {hasUnfinished, hasTrouble, ends}]) => hasUnfinished || hasTrouble || (ends[0] ?? '') >= since);

	return readTasks(store, noted.map(([key]) => key));
};

const newestFinished = (tasks: readonly Task[]): readonly Task[] => tasks
	.filter(({state}) => !isUnfinished(state))
	.toSorted((a, b) => Date.parse(b.endedAt ?? b.queuedAt) - Date.parse(a.endedAt ?? a.queuedAt))
	.slice(0, shownTasks);
