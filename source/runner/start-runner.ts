import {spawn, type ChildProcess} from 'node:child_process';
import {closeSync, existsSync} from 'node:fs';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {newIdentifier} from '../system/new-identifier.ts';
import {openRunnerLog} from './runner-log.ts';

export type StartedRunner = {
	readonly process: ChildProcess;
	/** Otherwise it is what asks systemd for the runner. */
	readonly isRunner: boolean;
};

const program = fileURLToPath(new URL('runner.js', import.meta.url));

/**
Starts a runner in the background. It has no terminal, none of the caller's descriptors, and no more of its environment than it needs, so that it goes on
when all of that is gone.
*/
export const startRunner = (stateDirectory: string): StartedRunner => {
	const log = openRunnerLog(stateDirectory);

	try {
		const runner = [process.execPath, program, '--state', stateDirectory];
		const isUnit = process.geteuid!() === 0 && existsSync('/run/systemd/system');
		const [command, ...options] = isUnit ? asUnit(runner) : runner;
		const child = spawn(command!, options, {
			cwd: '/', detached: true, env: runnerEnvironment(), stdio: ['ignore', log, log],
		});

		child.unref();

		return {process: child, isRunner: !isUnit};
	} finally {
		closeSync(log);
	}
};

/** Where systemd is the first process, logging out may end all that a session started: root's runner becomes a unit of its own. */
const asUnit = (runner: readonly string[]): readonly string[] => {
	const variables = Object.entries(runnerEnvironment()).map(([name, value]) => `--setenv=${name}=${value}`);

	return ['systemd-run', '--quiet', '--collect', '--no-ask-password', `--unit=holdfast-runner-${newIdentifier()}`, '--working-directory=/', ...variables, '--', ...runner];
};

const runnerEnvironment = (): Record<string, string> => {
	const kept = ['PATH', 'LANG', 'HOME'].map(name => [name, process.env[name]] as const);

	return Object.fromEntries(kept.filter((entry): entry is readonly [string, string] => entry[1] !== undefined));
};
