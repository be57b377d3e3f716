import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import process from 'node:process';
import type {ExecutionContext} from 'ava';
import {watchTasks} from '../source/actions/watch-tasks.ts';
import type {TaskView} from '../source/domain/task-view.ts';
import {connectRunner} from '../source/runner/runner-client.ts';
import {noise, setUpServer, type Server} from './set-up.ts';

export const largeCount = 100;
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

export type Sight = 'running' | 'atWork';

/**
Begins something and resolves with what that returned and the first task that is then seen running, or at work: with a progress to show. It is watched from
before the beginning, so that nothing is missed.
*/
export const begin = async <Result>({context}: Server, act: () => Promise<Result> | Result, sight: Sight): Promise<{readonly result: Result; readonly task: TaskView}> => {
	const over = new AbortController();
	const begun = Promise.withResolvers<void>();
	const seen = Promise.withResolvers<TaskView>();

	const watching = watchTasks(context, {
		signal: over.signal,
		onTasks(tasks) {
			begun.resolve();
			const task = tasks.find(({state, progress}) => state === 'running' && (sight === 'running' || progress.bytesDone > 0));

			if (task !== undefined) {
				seen.resolve(task);
			} else if (tasks.length > 0 && tasks.every(({endedAt}) => endedAt !== null)) {
				seen.reject(new Error('It ended before it was seen at work: give it more to do.'));
			}
		},
	});

	try {
		await Promise.race([begun.promise, watching]);
		const result = await act();

		return {result, task: await seen.promise};
	} finally {
		over.abort();
		await watching;
	}
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
