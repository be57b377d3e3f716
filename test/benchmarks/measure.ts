import {spawnSync} from 'node:child_process';
import {readdirSync, readFileSync} from 'node:fs';
import process from 'node:process';
import {setTimeout} from 'node:timers/promises';

export type Measured = {readonly seconds: number; readonly cpuSeconds: number; readonly peakMiB: number};

const ticksPerSecond = 100;

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
	const result = spawnSync('/usr/bin/time', ['-f', String.raw`\n%U %S %M`, 'sh', '-c', commandLine], {
		stdio: ['ignore', 'ignore', 'pipe'], env: environment, encoding: 'utf8', maxBuffer: 1 << 28,
	});

	if (result.status !== 0) {
		throw new Error(`${commandLine}\nended with ${result.status}: ${result.stderr}`);
	}

	const seconds = (performance.now() - started) / 1000;
	const usage = result.stderr.trim().split('\n').at(-1)!;
	const [user = 0, system = 0, kibibytes = 0] = usage.split(' ').map(Number);
	const runner = await endRunner(state);

	return {seconds, cpuSeconds: user + system + runner.cpuSeconds, peakMiB: Math.max(kibibytes / 1024, runner.peakMiB)};
};

export const runQuietly = (commandLine: string): string => {
	const {status, stdout, stderr} = spawnSync('sh', ['-c', commandLine], {env: environment, encoding: 'utf8'});

	if (status !== 0) {
		throw new Error(`${commandLine}\nended with ${status}: ${stderr}`);
	}

	return stdout;
};

/** What the runner of this state used, if it still runs; ends it, so that the next command starts its own. */
const endRunner = async (state: string): Promise<{readonly cpuSeconds: number; readonly peakMiB: number}> => {
	const used = {cpuSeconds: 0, peakMiB: 0};

	for (const pid of findRunners(state)) {
		const fields = tryRead(`/proc/${pid}/stat`)?.split(') ', 2)[1]?.split(' ', 13) ?? [];
		const peak = /VmHWM:\s+(?<size>\d+)/v.exec(tryRead(`/proc/${pid}/status`) ?? '')?.groups?.size;
		used.cpuSeconds += (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / ticksPerSecond;
		used.peakMiB = Math.max(used.peakMiB, Number(peak ?? 0) / 1024);
		process.kill(Number(pid), 'SIGTERM');

		while ((tryRead(`/proc/${pid}/cmdline`) ?? '') !== '') {
			await setTimeout(20);
		}
	}

	return used;
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
