import {readdir, readFile} from 'node:fs/promises';
import process from 'node:process';
import {setTimeout as delay} from 'node:timers/promises';

/** How long they may take to end by themselves, and how long it is tried after that. */
const patienceMs = 3000;
const effortMs = 5000;
const pauseMs = 50;
const firstUserId = 1000;

/**
Ends every process that has the user id as its real, effective, saved or file system one: asked first, then killed.
@returns how many there were
@throws Error where some are left
*/
export const endProcessesOf = async (uid: number): Promise<number> => {
	if (uid < firstUserId || uid === process.geteuid!()) {
		throw new Error(`the processes of user id ${uid} are not ended`);
	}

	const first = await findProcesses(uid);
	signal(first, 'SIGTERM');
	await waitUntilGone(uid, patienceMs);
	const deadline = performance.now() + effortMs;

	for (let left = await findProcesses(uid); left.length > 0; left = await findProcesses(uid)) {
		if (performance.now() > deadline) {
			throw new Error(`${left.length} processes of user id ${uid} cannot be ended: ${left.slice(0, 10).join(', ')}`);
		}

		signal(left, 'SIGKILL');
		await delay(pauseMs);
	}

	return first.length;
};

const waitUntilGone = async (uid: number, timeMs: number): Promise<void> => {
	const deadline = performance.now() + timeMs;

	while (performance.now() < deadline) {
		const left = await findProcesses(uid);

		if (left.length === 0) {
			return;
		}

		await delay(pauseMs);
	}
};

const findProcesses = async (uid: number): Promise<readonly number[]> => {
	const names = await readdir('/proc');
	const ids = names.filter(name => /^\d+$/v.test(name)).map(Number);
	const found = await Promise.all(ids.map(async id => await isOf(id, uid) ? [id] : []));

	return found.flat();
};

/** What has ended and waits for its parent does nothing any more. */
const isOf = async (id: number, uid: number): Promise<boolean> => {
	try {
		const status = await readFile(`/proc/${id}/status`, 'latin1');
		const uids = /^Uid:\t(?<all>[\d\t]+)$/mv.exec(status)?.groups!.all!.split('\t') ?? [];

		return uids.includes(String(uid)) && !/^State:\s+[XZ]/mv.test(status);
	} catch (error) {
		if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) {
			return false;
		}

		throw error;
	}
};

const signal = (ids: readonly number[], name: NodeJS.Signals): void => {
	for (const id of ids) {
		try {
			process.kill(id, name);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
				throw error;
			}
		}
	}
};
