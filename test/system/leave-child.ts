/** A program that loads koffi, says something, and ends with the code 3: by itself, or at once. */
import process from 'node:process';
import {leaveSafely} from '../../source/system/leave.ts';
import {native} from '../../source/system/native.ts';

leaveSafely();
process.stdout.write(native ? 'loaded\n' : 'not loaded\n');
process.on('exit', () => {
	process.stdout.write('left\n');
});

if (process.argv[2] === 'at once') {
	process.exit(3); // eslint-disable-line unicorn/no-process-exit -- this file is a program
}

process.exitCode = 3;
