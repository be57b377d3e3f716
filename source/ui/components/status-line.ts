import type {TaskView} from '../../domain/task-view.ts';
import {fitSides} from '../look/fit.ts';
import {glyph} from '../look/appearance.ts';
import {toned, type Line} from '../look/span.ts';
import type {Notice} from '../interface.ts';
import {
	runningTasks,
	speedOf,
	waitingTasks,
	type TaskFeed,
} from '../tasks/task-feed.tsx';
import {progressWords, shareDone, taskTitle} from '../tasks/task-words.ts';
import {showKey} from '../keys/key-name.ts';

/** Above the footer: what was just done, else what is running now. */
export const statusLine = (notice: Notice | undefined, feed: TaskFeed, width: number): Line =>
	notice === undefined ? fitSides(runningLine(feed), waitingLine(feed), width) : noticeLine(notice, feed, width);

const noticeLine = ({text, tone, undo}: Notice, feed: TaskFeed, width: number): Line => {
	const offer: Line = undo === undefined ? [] : [{text: `  ${showKey('u')}`, isStrong: true}, {text: ' undo'}];

	return fitSides([toned(tone, ` ${text}`), ...offer], shortRunningLine(feed), width);
};

/** Beside a notice: what runs, and how far it is. */
const shortRunningLine = (feed: TaskFeed): Line => {
	const [first] = runningTasks(feed);

	return first === undefined ? [] : [toned('accent', ` ${glyph('closed')} ${taskTitle(first)}${percentDone(first)} `)];
};

const percentDone = ({progress}: TaskView): string => {
	const share = shareDone(progress);

	return share === undefined ? '' : ` ${Math.floor(share * 100)} %`;
};

const runningLine = (feed: TaskFeed): Line => {
	const [first, ...others] = runningTasks(feed);

	if (first === undefined) {
		return [];
	}

	const more = others.length === 0 ? '' : ` +${others.length}`;

	return [toned('accent', ` ${glyph('closed')} ${taskTitle(first)}${more}${percentDone(first)} `), {text: progressWords(first.progress, speedOf(feed, first))}];
};

const waitingLine = (feed: TaskFeed): Line => {
	const count = waitingTasks(feed).length;

	return count === 0 ? [] : [{text: ` ${count} waiting `}];
};
