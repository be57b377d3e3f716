import {toScreen} from '../domain/raw-name.ts';
import type {TaskView} from '../domain/task-view.ts';
import {countOf, formatBytes, formatDuration} from '../domain/units.ts';

/** How fast a task goes, measured since it was first seen at work. */
export type Pace = {readonly bytesPerSecond: number; readonly elapsedSeconds: number};

const barWidth = 20;

/** `[#####               ]  25 %  1.2 GB of 4.8 GB · 1,234 files · 80 MB/s · 45 s left`. */
export const describeProgress = ({progress: {bytesDone, bytesTotal, filesDone}}: TaskView, {bytesPerSecond}: Pace): string => {
	const isKnown = bytesTotal !== null && bytesTotal > 0;
	const share = isKnown ? Math.min(1, bytesDone / bytesTotal) : 0;
	const left = isKnown && bytesPerSecond > 0 ? Math.max(0, bytesTotal - bytesDone) / bytesPerSecond : undefined;

	return [
		`${isKnown ? `${bar(share)} ` : ''}${formatBytes(bytesDone)}${isKnown ? ` of ${formatBytes(Math.max(bytesTotal, bytesDone))}` : ''}`,
		countOf(filesDone, 'file'),
		...(bytesPerSecond > 0 ? [`${formatBytes(bytesPerSecond)}/s`] : []),
		...(left === undefined ? [] : [`${formatDuration(left)} left`]),
	].join(' · ');
};

/** `backup of alice`, and how many of several tasks are done. */
export const describeTasks = (tasks: readonly TaskView[], current: TaskView): string => {
	const what = `${current.kind} of ${toScreen(current.account ?? 'all')}`;
	const done = tasks.filter(({endedAt}) => endedAt !== null).length;

	return tasks.length === 1 ? what : `${what} (${done + 1} of ${tasks.length})`;
};

const bar = (share: number): string => {
	const filled = Math.round(share * barWidth);

	return `[${'#'.repeat(filled)}${' '.repeat(barWidth - filled)}] ${String(Math.floor(share * 100)).padStart(3)} %`;
};
