import {spawnSync} from 'node:child_process';
import {readdirSync, readFileSync} from 'node:fs';
import process from 'node:process';
import {setTimeout} from 'node:timers/promises';

export type Measured = {readonly seconds: number; readonly cpuSeconds: number; readonly peakMiB: number};

const ticksPerSecond = 100;

const environment = {
	...process.env, RESTIC_PASSWORD: 'benchmark', BORG_PASSPHRASE: 'benchmark', BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK: 'yes',
};

/**
Runs one command line and waits for it; what Holdfast's runner does for it in the background counts too. Needs GNU time.
@throws Error when the command fails
*/
export const measure = async (commandLine: string, state: string): Promise<Measured> => {
	const started = performance.now();
	const {status, stderr} = spawnSync('/usr/bin/time', ['-f', String.raw`\n%U %S %M`, 'sh', '-c', commandLine], {
		stdio: ['ignore', 'ignore', 'pipe'], env: environment, encoding: 'utf8', maxBuffer: 1 << 28,
	});
	const seconds = (performance.now() - started) / 1000;

	if (status !== 0) {
		throw new Error(`${commandLine}\nended with ${status}: ${stderr}`);
	}

	const [user = 0, system = 0, kibibytes = 0] = stderr.trim().split('\n').at(-1)!.split(' ').map(Number);
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

	for (const pid of readdirSync('/proc').filter(name => /^\d+$/v.test(name))) {
		const commandLine = tryRead(`/proc/${pid}/cmdline`);

		if (!commandLine?.includes('runner.js') || !commandLine.split('\0').includes(state)) {
			continue;
		}

		const fields = tryRead(`/proc/${pid}/stat`)?.split(') ', 2)[1]?.split(' ') ?? [];
		used.cpuSeconds += (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / ticksPerSecond;
		used.peakMiB = Math.max(used.peakMiB, Number(/VmHWM:\s+(?<size>\d+)/v.exec(tryRead(`/proc/${pid}/status`) ?? '')?.groups?.size ?? 0) / 1024);
		process.kill(Number(pid), 'SIGTERM');

		while (tryRead(`/proc/${pid}/cmdline`)) {
			await setTimeout(20);
		}
	}

	return used;
};

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
