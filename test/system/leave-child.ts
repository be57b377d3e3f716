/** A program that loads koffi, says something, and ends: by itself or at once with the code 3, or by an error. */
import process from 'node:process';
import {leaveSafely} from '../../source/system/leave.ts';
import {native} from '../../source/system/native.ts';

leaveSafely();
process.stdout.write(native ? 'loaded\n' : 'not loaded\n');
process.on('exit', () => {
	process.stdout.write('left\n');
});

const way = process.argv[2];

if (way === 'by an error') {
	throw new Error('This is the error.');
}

process.exitCode = 3;

if (way === 'at once') {
	process.exit(); // eslint-disable-line unicorn/no-process-exit -- this file is a program
}
