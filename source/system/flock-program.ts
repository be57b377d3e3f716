import {spawnSync} from 'node:child_process';
import {UserError} from '../errors.ts';

/**
Locks through the program `flock` of util-linux, where the system call cannot be reached: the child locks the open file description it inherits, which is
ours and stays locked when the child is gone.
@returns false when another open file description holds the lock.
*/
export const isLockedByProgram = (descriptor: number): boolean => {
	const {status, error, stderr} = spawnSync('flock', ['--exclusive', '--nonblock', '3'], {stdio: ['ignore', 'ignore', 'pipe', descriptor]});

	if (status === 0 || status === 1) {
		return status === 0;
	}

	throw new UserError(`The lock could not be taken: ${error?.message ?? stderr.toString().trim()}.`, {
		code: 'failed',
		hint: 'Install util-linux, which has the program "flock".',
		cause: error,
	});
};
