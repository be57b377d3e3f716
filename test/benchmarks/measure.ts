import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {readdirSync, readFileSync} from 'node:fs';
import process from 'node:process';
import {setTimeout as pause} from 'node:timers/promises';

export type Measured = {readonly seconds: number; readonly cpuSeconds: number; readonly peakMiB: number};

type Usage = {readonly cpuSeconds: number; readonly peakMiB: number};

const ticksPerSecond = 100;
const sampleMs = 200;

const environment = Object.fromEntries([
	...Object.entries(process.env),
	['RESTIC_PASSWORD', 'benchmark'],
	['BORG_PASSPHRASE', 'benchmark'],
	['BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK', 'yes'],
]);

/**
Runs one command line and waits for it; what Holdfast's runner does for it in the background counts too. Needs GNU time.
@throws Error when the command fails
*/
export const measure = async (commandLine: string, state: string): Promise<Measured> => {
	const started = performance.now();
	const child = spawn('/usr/bin/time', ['-f', String.raw`\n%U %S %M`, 'sh', '-c', commandLine], {stdio: ['ignore', 'ignore', 'pipe'], env: environment});
	const closed = once(child, 'close') as Promise<[number | null]>;
	// A runner may end before it can be asked what it used.
	const runners = new Map<string, Usage>();
	const sampling = setInterval(() => {
		sampleRunners(state, runners);
	}, sampleMs);
	let output = '';

	for await (const text of child.stderr.setEncoding('utf8') as AsyncIterable<string>) {
		output += text;
	}

	const [status] = await closed;
	const seconds = (performance.now() - started) / 1000;
	clearInterval(sampling);

	if (status !== 0) {
		throw new Error(`${commandLine}\nended with ${status}: ${output}`);
	}

	sampleRunners(state, runners);
	await endRunners(state);
	const usage = output.trim().split('\n').at(-1)!;
	const [user = 0, system = 0, kibibytes = 0] = usage.split(' ').map(Number);
	const background = runners.values().toArray();

	return {
		seconds,
		cpuSeconds: background.reduce((sum, {cpuSeconds}) => sum + cpuSeconds, user + system),
		peakMiB: Math.max(kibibytes / 1024, ...background.map(({peakMiB}) => peakMiB)),
	};
};

export const runQuietly = (commandLine: string): string => {
	const {status, stdout, stderr} = spawnSync('sh', ['-c', commandLine], {env: environment, encoding: 'utf8'});

	if (status !== 0) {
		throw new Error(`${commandLine}\nended with ${status}: ${stderr}`);
	}

	return stdout;
};

const sampleRunners = (state: string, runners: Map<string, Usage>): void => {
	for (const pid of findRunners(state)) {
		const fields = tryRead(`/proc/${pid}/stat`)?.split(') ', 2)[1]?.split(' ', 13);
		const peak = /VmHWM:\s+(?<size>\d+)/v.exec(tryRead(`/proc/${pid}/status`) ?? '')?.groups?.size;

		if (fields && peak !== undefined) {
			runners.set(pid, {cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond, peakMiB: Number(peak) / 1024});
		}
	}
};

/** Ends the runners of this state, so that the next command starts its own. */
const endRunners = async (state: string): Promise<void> => {
	for (const pid of findRunners(state)) {
		process.kill(Number(pid), 'SIGTERM');

		while ((tryRead(`/proc/${pid}/cmdline`) ?? '') !== '') {
			await pause(20);
		}
	}
};

const findRunners = (state: string): string[] => readdirSync('/proc').filter(pid => {
	const words = /^\d+$/v.test(pid) ? tryRead(`/proc/${pid}/cmdline`)?.split('\0') : undefined;

	return words !== undefined && words.includes(state) && words.some(word => word.endsWith('runner.js'));
});

const tryRead = (file: string): string | undefined => {
	try {
		return readFileSync(file, 'utf8');
	} catch (error) {
		// Processes end while they are looked at.
		if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) {
			return undefined;
		}

		throw error;
	}
};
