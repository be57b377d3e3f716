/** Entry of the engine's thread: carries out requests, several at a time where their waits allow, with one pool of pack threads. */
import {parentPort} from 'node:worker_threads';
import {detachThread} from '../system/directory.ts';
import {AbortFlag} from './abort-flag.ts';
import {runBackup, type RunOptions} from './backup-run.ts';
import type {TreeProgress} from './engine.ts';
import {PackPool} from './pack-pool.ts';
import type {EngineReply, EngineRequest} from './protocol.ts';
import {previewRestore, runRestore} from './restore-run.ts';
import {inWords} from './storage-failure.ts';
import {toThreadError} from './thread-error.ts';

const progressIntervalMs = 200;

const pool = new PackPool();

const carryOut = async (message: EngineRequest, options: RunOptions): Promise<EngineReply> => {
	const {id} = message;

	switch (message.type) {
		case 'backup': {
			return {type: 'backedUp', id, result: await runBackup(message.request, options)};
		}

		case 'plan': {
			return {type: 'planned', id, preview: await previewRestore(message.request, options)};
		}

		case 'restore': {
			return {type: 'restored', id, result: await runRestore(message.request, options)};
		}
	}
};

/** Posts at most five a second, and always the newest when it is asked to. */
const progressPoster = (id: number): ((progress: TreeProgress) => void) => {
	let lastAt = 0;

	return progress => {
		const now = performance.now();

		if (!(now - lastAt >= progressIntervalMs)) {
			return;
		}

		lastAt = now;
		post({type: 'progress', id, progress});
	};
};

const post = (reply: EngineReply): void => {
	parentPort!.postMessage(reply);
};

const answer = async (message: EngineRequest): Promise<void> => {
	try {
		post(await carryOut(message, {pool, abortFlag: new AbortFlag(message.abortFlag), onProgress: progressPoster(message.id)}));
	} catch (error) {
		post({type: 'failed', id: message.id, error: toThreadError(inWords(error))});
	}
};

detachThread();

parentPort!.on('message', (message: EngineRequest) => {
	void answer(message);
});
