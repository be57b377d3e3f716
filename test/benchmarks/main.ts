/**
The benchmark: makes the data, runs Holdfast and every peer that is installed in turn, and prints medians, ratios, CPU seconds, memory and sizes. Options: `--rounds N` (3), `--work DIR` (a folder on the disk to measure),
`--target DIR` (a memory file system, /dev/shm).
*/
import {
	appendFileSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
	unlinkSync,
	writeFileSync,
} from 'node:fs';
import {
	cpus,
	release,
	tmpdir,
	totalmem,
} from 'node:os';
import path from 'node:path';
import {Buffer} from 'node:buffer';
import process from 'node:process';
import {parseArgs} from 'node:util';
import {makeDataSet} from './data-set.ts';
import {measure, type Measured, runQuietly} from './measure.ts';
import {
	isInstalled,
	type Peer,
	peersOf,
	type Work,
} from './peers.ts';
import {Random} from './random.ts';

const works: ReadonlyArray<readonly [Work, string]> = [
	['first', 'first backup'],
	['unchanged', 'no change'],
	['nextDay', 'next day, 1 % changed'],
	['restore', 'full restore to memory'],
	['list', 'list all entries'],
	['oneFile', 'one file of 100,000'],
	['archived', 'archived'],
	['compressed', 'compressed'],
];

const {values} = parseArgs({
	options: {
		rounds: {type: 'string', default: '3'},
		work: {type: 'string', default: path.join(tmpdir(), 'holdfast-benchmark')},
		target: {type: 'string', default: '/dev/shm/holdfast-benchmark'},
	},
});
const data = path.join(values.work, 'data');
const state = path.join(values.work, 'holdfast');
const results = new Map<string, Measured[]>();
const sizes = new Map<string, number[]>();

const prepareData = (): string => {
	if (!existsSync(path.join(values.work, 'data-is-complete'))) {
		process.stderr.write('making the data\n');
		rmSync(data, {recursive: true, force: true});
		makeDataSet(data);
		writeFileSync(path.join(values.work, 'data-is-complete'), '');
	}

	const folder = 'account07/public_html/uploads/2025/5';

	return path.join(folder, readdirSync(path.join(data, folder))[3]!);
};

/** A day: one file in a hundred changes, a few come and go, and a line enters near the start of the dump. */
const changeForDay = (random: Random): void => {
	const files = readdirSync(data, {recursive: true, withFileTypes: true}).filter(entry => entry.isFile() && !entry.name.endsWith('.img') && !entry.name.endsWith('.sql'));

	for (const entry of files) {
		const chance = random.below(1000);
		const file = path.join(entry.parentPath, entry.name);

		if (chance < 10) {
			appendFileSync(file, random.word());
		} else if (chance === 10) {
			writeFileSync(`${file}-${random.word()}`, random.bytes(8000));
		} else if (chance === 11 && entry.name !== 'photo-3.jpg') {
			unlinkSync(file);
		}
	}

	const dump = path.join(data, 'account00', 'backup.sql');
	const content = readFileSync(dump);
	const at = content.indexOf('\n') + 1;
	const line = Buffer.from(`INSERT INTO orders VALUES (1,'${random.word()}');\n`);
	writeFileSync(dump, Buffer.concat([content.subarray(0, at), line, content.subarray(at)]));
};

const warm = (): void => {
	runQuietly(`find ${data} -type f -print0 | xargs -0 -n 500 cat > /dev/null`);
};

const runWork = async (work: Work, peers: readonly Peer[]): Promise<void> => {
	for (const peer of peers) {
		const commandLine = peer.works[work];

		if (commandLine === undefined) {
			continue;
		}

		process.stderr.write(`${work}: ${peer.name}\n`);
		warm();

		if (work === 'restore') {
			rmSync(values.target, {recursive: true, force: true});
			mkdirSync(values.target, {recursive: true});
		}

		const measured = await measure(commandLine, state);
		const key = `${work}/${peer.name}`;
		results.set(key, [...results.get(key) ?? [], measured]);
	}
};

const measureSizes = (stage: string, peers: readonly Peer[]): void => {
	for (const {name, repository} of peers) {
		if (repository === undefined) {
			continue;
		}

		const key = `${stage}/${name}`;
		sizes.set(key, [...sizes.get(key) ?? [], Number(runQuietly(`du -sb ${repository}`).split('\t', 1)[0])]);
	}
};

const median = (numbers: readonly number[]): number => numbers.toSorted((left, right) => left - right)[Math.floor(numbers.length / 2)] ?? NaN;

const printTable = (peers: readonly Peer[]): void => {
	process.stdout.write(`\n| work | ${peers.map(({name}) => name).join(' | ')} |\n|---|${'---|'.repeat(peers.length)}\n`);

	for (const [work, title] of works) {
		const own = median((results.get(`${work}/Holdfast`) ?? []).map(({seconds}) => seconds));
		const cells = peers.map(({name}) => {
			const runs = results.get(`${work}/${name}`);

			if (!runs) {
				return '–';
			}

			const seconds = median(runs.map(run => run.seconds));
			const ratio = name === 'Holdfast' ? '' : `, Holdfast is ${(own / seconds).toFixed(2)} ×`;

			return `${seconds.toFixed(2)} s, CPU ${median(runs.map(run => run.cpuSeconds)).toFixed(2)} s, ${median(runs.map(run => run.peakMiB)).toFixed(0)} MiB${ratio}`;
		});
		process.stdout.write(`| ${title} | ${cells.join(' | ')} |\n`);
	}

	for (const [stage, title] of [['first', 'repository'], ['nextDay', 'after the next day']] as const) {
		const cells = peers.map(({name}) => sizes.has(`${stage}/${name}`) ? `${(median(sizes.get(`${stage}/${name}`)!) / 1e6).toFixed(0)} MB` : '–');
		process.stdout.write(`| ${title} | ${cells.join(' | ')} |\n`);
	}

	printGrowth(peers);
};

/** What the next day added. */
const printGrowth = (peers: readonly Peer[]): void => {
	const growthOf = (name: string): number => median((sizes.get(`nextDay/${name}`) ?? []).map((size, round) => size - sizes.get(`unchanged/${name}`)![round]!));
	const cells = peers.map(({name}) => {
		if (!sizes.has(`nextDay/${name}`)) {
			return '–';
		}

		const growth = growthOf(name);
		const ratio = name === 'Holdfast' ? '' : `, Holdfast is ${(growthOf('Holdfast') / growth).toFixed(2)} ×`;

		return `${(growth / 1e6).toFixed(1)} MB${ratio}`;
	});
	process.stdout.write(`| growth by that day | ${cells.join(' | ')} |\n`);
};

mkdirSync(values.work, {recursive: true});
const file = prepareData();
const all = peersOf({
	data, work: values.work, target: values.target, file,
});
const peers = all.filter(peer => isInstalled(peer));
const random = new Random(Date.now() % 0x7F_FF_FF_FF);

for (let round = 0; round < Number(values.rounds); round++) {
	for (const {prepare} of peers) {
		if (prepare !== undefined) {
			runQuietly(prepare);
		}
	}

	await runWork('first', peers);
	measureSizes('first', peers);
	await runWork('unchanged', peers);
	measureSizes('unchanged', peers);
	changeForDay(random);
	await runWork('nextDay', peers);
	measureSizes('nextDay', peers);
	await runWork('restore', peers);
	await runWork('list', peers);
	await runWork('oneFile', peers);
	await runWork('archived', peers);
	await runWork('compressed', peers);
}

rmSync(values.target, {recursive: true, force: true});
process.stdout.write(`${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${(totalmem() / (2 ** 30)).toFixed(0)} GiB, Linux ${release()}; ${values.rounds} rounds, medians; data in the page cache\n`);

for (const peer of peers) {
	process.stdout.write(`${peer.name}: ${runQuietly(peer.version).split('\n', 1)[0]}\n`);
}

const missing = all.filter(peer => !peers.includes(peer)).map(({name}) => name);
process.stdout.write(missing.length > 0 ? `not installed: ${missing.join(', ')}\n` : '');
printTable(peers);
