import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import process from 'node:process';
import type {ExecutionContext} from 'ava';
import {watchTasks} from '../source/actions/watch-tasks.ts';
import type {TaskView} from '../source/domain/task-view.ts';
import {connectRunner} from '../source/runner/runner-client.ts';
import {noise, setUpServer, type Server} from './set-up.ts';

export const largeCount = 50;
export const largeBytes = 2_500_000;

/** Keeps the engine busy for half a second or more, and lets it tell on the way how far it is. */
export const fillLarge = async (server: Server, account = 'alice'): Promise<Readonly<Record<string, Uint8Array>>> => {
	const files = Object.fromEntries(Array.from({length: largeCount}, (_, index) => [`large/${index}.bin`, noise(largeBytes)]));
	await server.write(account, files);

	return files;
};

export const checkLarge = async (t: ExecutionContext, folder: string, files: Readonly<Record<string, Uint8Array>>): Promise<void> => {
	for (const [path, content] of Object.entries(files)) {
		const restored = await readFile(join(folder, path));
		t.true(restored.equals(content), path);
	}
};

/** Resolves with the first list of tasks that fits. */
export const whenTasks = async ({context}: Server, isMet: (tasks: readonly TaskView[]) => boolean): Promise<readonly TaskView[]> => {
	const over = new AbortController();
	let met: readonly TaskView[] = [];

	await watchTasks(context, {
		signal: over.signal,
		onTasks(tasks) {
			if (over.signal.aborted || !isMet(tasks)) {
				return;
			}

			met = tasks;
			over.abort();
		},
	});

	return met;
};

export const isAtWork = (tasks: readonly TaskView[]): boolean => tasks.some(({state, progress}) => state === 'running' && progress.bytesDone > 0);
export const isRunning = (tasks: readonly TaskView[]): boolean => tasks.some(({state}) => state === 'running');

export const whenAtWork = async (server: Server): Promise<TaskView> => {
	const tasks = await whenTasks(server, isAtWork);

	return tasks.find(({state}) => state === 'running')!;
};

export const kill = async (server: Server, signal: NodeJS.Signals): Promise<void> => {
	process.kill(await server.runnerPid(), signal);
	const connection = await connectRunner(server.state);
	await connection?.closed;
};

export const largeServer = async (t: ExecutionContext): Promise<Server> => {
	const server = await setUpServer(t);
	await server.write('alice', {'small.txt': 'small\n'});

	return server;
};
