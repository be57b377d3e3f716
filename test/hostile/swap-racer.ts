/**
Run as a process of its own: the owner of a home who swaps folders, symbolic links and hard links at full speed, until it is killed. Arguments: the home, and the folder outside that
it tries to have read or written.
*/
import {
	linkSync,
	mkdirSync,
	renameSync,
	rmSync,
	symlinkSync,
	unlinkSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const [home, outside] = process.argv.slice(2) as [string, string];
const door = path.join(home, 'door');
const parked = path.join(home, '.parked');
const file = path.join(home, 'file');
const parkedFile = path.join(home, '.parked-file');

const attempt = (act: () => void): void => {
	try {
		act();
	} catch {
		// Losing a race against the restore is the point of the exercise.
	}
};

process.stdout.write('racing\n');

for (;;) {
	attempt(() => {
		renameSync(door, parked);
	});
	attempt(() => {
		symlinkSync(outside, door);
	});
	attempt(() => {
		renameSync(file, parkedFile);
	});
	attempt(() => {
		symlinkSync(path.join(outside, 'secret'), file);
	});
	attempt(() => {
		unlinkSync(file);
	});
	attempt(() => {
		linkSync(path.join(outside, 'secret'), file);
	});
	attempt(() => {
		unlinkSync(file);
	});
	attempt(() => {
		renameSync(parkedFile, file);
	});
	attempt(() => {
		unlinkSync(door);
	});
	attempt(() => {
		renameSync(parked, door);
	});
	attempt(() => {
		mkdirSync(path.join(door, 'sub'), {recursive: true});
	});
	attempt(() => {
		rmSync(path.join(door, 'sub', 'deep'), {recursive: true});
	});
	attempt(() => {
		symlinkSync(outside, path.join(door, 'sub', 'deep'));
	});
	attempt(() => {
		unlinkSync(path.join(door, 'sub', 'deep'));
	});
}
