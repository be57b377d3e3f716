import {existsSync, watch, type FSWatcher} from 'node:fs';
import {join} from 'node:path';
import {socketName} from '../runner/socket-path.ts';

export type StateChange = {
	/** Resolves once: a runner began, or a task was changed. */
	readonly happened: Promise<void>;
	close(): void;
};

/** Where the system has no watch left to give, the state is looked at now and then. */
const pauseWithoutWatchMs = 1000;

/** Waits for what may be news for who watches the queue while no runner works. */
export const watchState = (stateDirectory: string): StateChange => {
	const {promise, resolve} = Promise.withResolvers<void>();
	const watchers: FSWatcher[] = [];
	let timer: NodeJS.Timeout | undefined;

	const watchFolder = (folder: string, isNews: (name: string | null) => boolean): void => {
		watchers.push(watch(folder, (_event, name) => {
			if (isNews(name)) {
				resolve();
			}
		}));
	};

	try {
		const tasks = join(stateDirectory, 'tasks');
		watchFolder(stateDirectory, name => name === socketName || name === 'tasks');

		if (existsSync(tasks)) {
			watchFolder(tasks, () => true);
		}
	} catch (error) {
		if (!['ENOSPC', 'EMFILE', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) {
			throw error;
		}

		timer = setTimeout(resolve, pauseWithoutWatchMs);
	}

	return {
		happened: promise,
		close() {
			clearTimeout(timer);

			for (const watcher of watchers) {
				watcher.close();
			}
		},
	};
};
