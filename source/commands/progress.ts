import process from 'node:process';
import type {TaskView} from '../domain/task-view.ts';
import type {Output} from './output.ts';
import {
	describeProgress,
	describeTasks,
	fitProgress,
	type Pace,
} from './progress-line.ts';

/** Shows on standard error how far tasks are: a bar on a terminal, a line every few seconds otherwise, nothing with --quiet or --json. */
export type ProgressDisplay = {
	update(tasks: readonly TaskView[]): void;
	/** Leaves the line to what is said next. */
	clear(): void;
};

const pauseMs = 5000;
const framePauseMs = 250;

export const createProgress = ({isJson, isQuiet}: Pick<Output, 'isJson' | 'isQuiet'>): ProgressDisplay => {
	if (isJson || isQuiet) {
		return {update: () => undefined, clear: () => undefined};
	}

	return process.stderr.isTTY ? new ProgressBar() : new ProgressLines();
};

class ProgressBar implements ProgressDisplay {
	readonly #pace = new PaceMeter();
	#shownAt = -Infinity;
	#isShown = false;

	update(tasks: readonly TaskView[]): void {
		const current = tasks.find(({state}) => state === 'running');
		const now = performance.now();

		if (current === undefined || now - this.#shownAt < framePauseMs) {
			return;
		}

		const text = fitProgress(tasks, current, {pace: this.#pace.measure(current, now), width: Math.max(20, process.stderr.columns) - 1});
		process.stderr.write(`\r${text}\u{1B}[K`);
		this.#shownAt = now;
		this.#isShown = true;
	}

	clear(): void {
		if (!this.#isShown) {
			return;
		}

		process.stderr.write('\r\u{1B}[K');
		this.#isShown = false;
	}
}

class ProgressLines implements ProgressDisplay {
	readonly #pace = new PaceMeter();
	#saidAt = performance.now();

	update(tasks: readonly TaskView[]): void {
		const current = tasks.find(({state}) => state === 'running');
		const now = performance.now();
		const pace = current && this.#pace.measure(current, now);

		if (!(current && pace && now - this.#saidAt >= pauseMs)) {
			return;
		}

		process.stderr.write(`${describeTasks(tasks, current)}: ${describeProgress(current, pace)}\n`);
		this.#saidAt = now;
	}

	clear(): void {
		// Lines stay.
	}
}

class PaceMeter {
	#id: string | undefined;
	#startedAt = 0;
	#bytesAtStart = 0;

	measure({id, progress: {bytesDone}}: TaskView, now: number): Pace {
		if (this.#id !== id) {
			this.#id = id;
			this.#startedAt = now;
			this.#bytesAtStart = bytesDone;
		}

		const elapsedSeconds = (now - this.#startedAt) / 1000;

		return {elapsedSeconds, bytesPerSecond: elapsedSeconds < 0.5 ? 0 : (bytesDone - this.#bytesAtStart) / elapsedSeconds};
	}
}
