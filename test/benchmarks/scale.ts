/**
How cost grows: with the files of an account, and with the backups of it. Prints two series. Options: `--most N` files (1,000,000), `--backups N` (200), `--work DIR` for the vault, `--data DIR` for the trees
(a memory file system: what is measured is Holdfast, not how fast a disk makes files).
*/
import {
	appendFileSync,
	closeSync,
	mkdirSync,
	openSync,
	rmSync,
	writeSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {parseArgs} from 'node:util';
import {measure, runQuietly} from './measure.ts';
import {holdfastLine, prepareLine} from './peers.ts';

const {values} = parseArgs({
	options: {
		most: {type: 'string', default: '1000000'},
		backups: {type: 'string', default: '200'},
		work: {type: 'string', default: path.join(tmpdir(), 'holdfast-scale')},
		data: {type: 'string', default: '/dev/shm/holdfast-scale'},
	},
});
const {work, data} = values;
const state = path.join(work, 'holdfast');
const target = path.join(data, '..', 'holdfast-scale-target');
const run = holdfastLine(state);
const filesPerFolder = 500;
const middle = `folder-00003/file-${String((3 * filesPerFolder) + 7).padStart(8, '0')}`;

const pathOf = (number: number): string => path.join(data, `folder-${String(Math.floor(number / filesPerFolder)).padStart(5, '0')}`, `file-${String(number).padStart(8, '0')}`);

const makeFiles = (count: number): void => {
	rmSync(data, {recursive: true, force: true});

	for (let number = 0; number < count; number++) {
		if (number % filesPerFolder === 0) {
			mkdirSync(path.dirname(pathOf(number)), {recursive: true});
		}

		const fd = openSync(pathOf(number), 'wx');
		writeSync(fd, `This is what file ${number} says, and nobody else.\n`);
		closeSync(fd);
	}
};

/** What is measured at each size; each is a whole process. */
const looks: ReadonlyArray<readonly [string, string]> = [
	['no change', `${run} backup create site`],
	['list all', `${run} backup files latest:site --recursive`],
	['browse a folder', `${run} backup files latest:site folder-00003`],
	['find a name', `${run} backup find ${path.basename(middle)}`],
	['restore a file', `rm -rf ${target} && ${run} restore latest:site --path ${middle} --to ${target} --yes`],
	['cleanup', `${run} cleanup --dry-run`],
	['status', `${run} status`],
];

type Row = {readonly size: number; readonly cells: readonly string[]};

const look = async (): Promise<string[]> => {
	const cells: string[] = [];

	for (const [, line] of looks) {
		const {seconds, cpuSeconds, peakMiB} = await measure(line, state);
		cells.push(`${seconds.toFixed(2)} s, CPU ${cpuSeconds.toFixed(2)} s, ${peakMiB.toFixed(0)} MiB`);
	}

	return cells;
};

const printSeries = (title: string, heads: readonly string[], rows: readonly Row[]): void => {
	process.stdout.write(`\n| ${title} | ${heads.join(' | ')} |\n|---|${'---|'.repeat(heads.length)}\n`);

	for (const {size, cells} of rows) {
		process.stdout.write(`| ${size.toLocaleString('en')} | ${cells.join(' | ')} |\n`);
	}
};

const heads = looks.map(([head]) => head);
const byFiles: Row[] = [];
mkdirSync(work, {recursive: true});

const sizes = [10_000, 100_000, 1_000_000].filter(size => size <= Number(values.most));

for (const size of sizes) {
	process.stderr.write(`${size} files\n`);
	makeFiles(size);
	runQuietly(prepareLine({data, work}));
	const first = await measure(`${run} backup create site`, state);
	byFiles.push({size, cells: [`${first.seconds.toFixed(2)} s, CPU ${first.cpuSeconds.toFixed(2)} s, ${first.peakMiB.toFixed(0)} MiB`, ...await look()]});
}

printSeries('files', ['first backup', ...heads], byFiles);

const files = 10_000;
const byBackups: Row[] = [];
const most = Number(values.backups);
makeFiles(files);
runQuietly(prepareLine({data, work}));

for (let made = 1; made <= most; made++) {
	for (let number = made % 100; number < files; number += 100) {
		appendFileSync(pathOf(number), `Changed for backup ${made}.\n`);
	}

	runQuietly(`${run} backup create site`);

	if (![1, 10, 50, 100, 200].includes(made)) {
		continue;
	}

	process.stderr.write(`${made} backups\n`);
	byBackups.push({size: made, cells: await look()});
}

printSeries(`backups of ${files.toLocaleString('en')} files, 1 % changed each time`, heads, byBackups);
rmSync(data, {recursive: true, force: true});
rmSync(target, {recursive: true, force: true});
