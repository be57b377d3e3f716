import {
	closeSync,
	constants,
	fstatSync,
	ftruncateSync,
	openSync,
	writeSync,
} from 'node:fs';
import {join} from 'node:path';
import {escapeText} from '../domain/raw-name.ts';
import {systemClock} from '../system/clock.ts';

const largestLogBytes = 1_048_576;

/** Opens the log of background runners for appending; it begins anew when it has grown large. The caller closes the descriptor. */
export const openRunnerLog = (stateDirectory: string): number => {
	const descriptor = openSync(runnerLogPath(stateDirectory), constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);

	if (fstatSync(descriptor).size > largestLogBytes) {
		ftruncateSync(descriptor);
	}

	return descriptor;
};

export const runnerLogPath = (stateDirectory: string): string => join(stateDirectory, 'runner.log');

/** A function that appends lines to the log, each with its time. */
export const createRunnerLog = (stateDirectory: string) => (text: string): void => {
	const descriptor = openRunnerLog(stateDirectory);

	try {
		writeSync(descriptor, `${systemClock.now().toISOString()} ${escapeText(text)}\n`);
	} finally {
		closeSync(descriptor);
	}
};
