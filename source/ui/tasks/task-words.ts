import type {TaskKind, TaskProgress, TaskState} from '../../domain/task.ts';
import type {TaskView} from '../../domain/task-view.ts';
import {
	countOf,
	formatBytes,
	formatCount,
	formatDuration,
} from '../../domain/units.ts';
import {glyph} from '../look/appearance.ts';
import {showName} from '../look/name.ts';
import type {Span, Tone} from '../look/span.ts';
import type {Speed} from './speed.ts';

const kindWords: Readonly<Record<TaskKind, string>> = {
	backup: 'back up',
	restore: 'restore',
	download: 'download',
	verify: 'verify',
	cleanup: 'clean up',
	assign: 'assign',
	rollback: 'roll back',
};

/** `restore alice`. */
export const taskTitle = ({kind, account}: Pick<TaskView, 'kind' | 'account'>): string => account === null ? kindWords[kind] : `${kindWords[kind]} ${showName(account)}`;

const stateTones: Readonly<Record<TaskState, Tone>> = {
	pending: 'plain',
	running: 'accent',
	completed: 'good',
	partial: 'warning',
	failed: 'bad',
	aborted: 'warning',
	interrupted: 'bad',
};

/** The state as a word with a glyph: never by colour alone. */
export const taskStateSpan = (state: TaskState): Span => ({text: `${stateGlyph(state)} ${state}`, tone: stateTones[state]});

const stateGlyph = (state: TaskState): string => {
	switch (state) {
		case 'completed': {
			return glyph('good');
		}

		case 'failed':
		case 'interrupted': {
			return glyph('bad');
		}

		case 'partial':
		case 'aborted': {
			return glyph('warning');
		}

		case 'running': {
			return glyph('closed');
		}

		case 'pending': {
			return glyph('none');
		}
	}
};

/** The share that is done, from 0 to 1; `undefined` while the total is not known. */
export const shareDone = ({bytesDone, bytesTotal, filesDone, filesTotal}: TaskProgress): number | undefined => {
	if (bytesTotal !== null && bytesTotal > 0) {
		return Math.min(1, bytesDone / bytesTotal);
	}

	return filesTotal !== null && filesTotal > 0 ? Math.min(1, filesDone / filesTotal) : undefined;
};

/** `1.2 GB of 2.4 GB · 34 MB/s · 3 min left`: totals first, what is not known left out. */
export const progressWords = (progress: TaskProgress, speed: Speed | undefined): string => [
	bytesWords(progress),
	filesWords(progress),
	speed === undefined ? '' : `${formatBytes(speed.bytesPerSecond)}/s`,
	speed?.secondsLeft === undefined ? '' : `${formatDuration(speed.secondsLeft)} left`,
].filter(words => words !== '').join(` ${glyph('dot')} `);

const bytesWords = ({bytesDone, bytesTotal}: TaskProgress): string => bytesTotal === null
	? formatBytes(bytesDone)
	: `${formatBytes(bytesDone)} of ${formatBytes(bytesTotal)}`;

const filesWords = ({filesDone, filesTotal}: TaskProgress): string => filesTotal === null
	? countOf(filesDone, 'file')
	: `${formatCount(filesDone)} of ${countOf(filesTotal, 'file')}`;
