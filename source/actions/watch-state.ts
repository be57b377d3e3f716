import {existsSync} from 'node:fs';
import {watch} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {socketName} from '../runner/socket-path.ts';

/** Where the system has no watch left to give, the state is looked at now and then. */
const pauseWithoutWatchMs = 1000;

/**
Waits for what may be news for who watches the queue while no runner works: a runner that begins, or a changed task. The watch is in place when this returns its promise.
@param stateDirectory The absolute path of the state.
@param signal Ends the waiting, without an error.
*/
export const whenStateChanges = async (stateDirectory: string, signal: AbortSignal): Promise<void> => {
	const tasks = join(stateDirectory, 'tasks');
	const change = whenFolderChanges(stateDirectory, {isNews: name => name === socketName || name === 'tasks', signal});

	await (existsSync(tasks) ? Promise.race([change, whenFolderChanges(tasks, {isNews: () => true, signal})]) : change);
};

type FolderWatch = {readonly isNews: (name: string | null) => boolean; readonly signal: AbortSignal};

const whenFolderChanges = async (folder: string, {isNews, signal}: FolderWatch): Promise<void> => {
	try {
		for await (const {filename} of watch(folder, {signal})) {
			if (isNews(filename)) {
				return;
			}
		}
	} catch (error) {
		const {code} = error as NodeJS.ErrnoException;

		if (code === 'ENOSPC' || code === 'EMFILE') {
			await delay(pauseWithoutWatchMs);
		} else if (code !== 'ABORT_ERR') {
			throw error;
		}
	}
};
