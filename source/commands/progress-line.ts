import {toScreen} from '../domain/raw-name.ts';
import type {TaskView} from '../domain/task-view.ts';
import {countOf, formatBytes, formatDuration} from '../domain/units.ts';

/** How fast a task goes, measured since it was first seen at work. */
export type Pace = {readonly bytesPerSecond: number; readonly elapsedSeconds: number};

const widestBar = 20;
const narrowestBar = 5;

/** `25 %  1.2 GB of 4.8 GB · 1,234 files · 80 MB/s · 45 s left`. */
export const describeProgress = (task: TaskView, {bytesPerSecond}: Pace): string => {
	const {bytesDone, bytesTotal, filesDone} = task.progress;
	const share = shareOf(task);
	const total = share === undefined ? '' : ` of ${formatBytes(Math.max(bytesTotal!, bytesDone))}`;
	const left = share === undefined || bytesPerSecond <= 0 ? undefined : Math.max(0, bytesTotal! - bytesDone) / bytesPerSecond;

	return [
		`${share === undefined ? '' : `${Math.floor(share * 100)} %  `}${formatBytes(bytesDone)}${total}`,
		countOf(filesDone, 'file'),
		...(bytesPerSecond > 0 ? [`${formatBytes(bytesPerSecond)}/s`] : []),
		...(left === undefined ? [] : [`${formatDuration(left)} left`]),
	].join(' · ');
};

/** A line of at most `width` columns: what it is, a bar where there is room for one, then the numbers. */
export const fitProgress = (tasks: readonly TaskView[], current: TaskView, {pace, width}: {readonly pace: Pace; readonly width: number}): string => {
	const what = describeTasks(tasks, current);
	const numbers = describeProgress(current, pace);
	const share = shareOf(current);
	const room = Math.min(widestBar, width - what.length - numbers.length - '  [] '.length);
	const bar = share === undefined || room < narrowestBar ? '' : `[${'#'.repeat(Math.round(share * room)).padEnd(room)}] `;

	return `${what}  ${bar}${numbers}`.slice(0, width);
};

/** `backup of alice`, and how many of several tasks are done. */
export const describeTasks = (tasks: readonly TaskView[], current: TaskView): string => {
	const what = `${current.kind} of ${toScreen(current.account ?? 'all')}`;
	const done = tasks.filter(({endedAt}) => endedAt !== null).length;

	return tasks.length === 1 ? what : `${what} (${done + 1} of ${tasks.length})`;
};

/** Between 0 and 1; `undefined` while the total is not known. */
const shareOf = ({progress: {bytesDone, bytesTotal}}: TaskView): number | undefined => bytesTotal === null || bytesTotal === 0 ? undefined : Math.min(1, bytesDone / bytesTotal);
