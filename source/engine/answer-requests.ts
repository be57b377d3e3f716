/** Carries out the engine's requests, several at a time where their waits allow, with one pool of pack threads. */
import type {MessagePort} from 'node:worker_threads';
import {detachThread} from '../system/directory.ts';
import {AbortFlag} from './base/abort-flag.ts';
import {runBackup} from './backup/backup-run.ts';
import type {RunOptions} from './run-options.ts';
import {previewCleanup, runCleanup} from './care/cleanup-run.ts';
import type {TreeProgress} from './engine.ts';
import {measureReclaimable} from './care/measure-reclaimable.ts';
import type {PackPool} from './pack-pool.ts';
import type {EngineReply, EngineRequest} from './protocol.ts';
import {runUnpack} from './package/unpack-run.ts';
import {runPackage} from './package/package-run.ts';
import {diffLive, previewRestore, runRestore} from './restore/restore-run.ts';
import {inWords} from './storage/storage-failure.ts';
import {toThreadError} from './base/thread-error.ts';
import {runVerify} from './care/verify-run.ts';

type Post = (reply: EngineReply) => void;

const progressIntervalMs = 200;
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

		case 'diff': {
			return {type: 'compared', id, changes: await diffLive(message.request, options)};
		}

		case 'pack': {
			return {type: 'packed', id, result: await runPackage(message.request, options)};
		}

		case 'unpack': {
			return {type: 'restored', id, result: await runUnpack(message.request, options)};
		}

		case 'verify': {
			return {type: 'verified', id, result: await runVerify(message.request, options)};
		}

		case 'measure': {
			return {type: 'measured', id, reclaimable: await measureReclaimable(message.request, options)};
		}

		case 'planCleanup': {
			return {type: 'cleaned', id, result: await previewCleanup(message.request, options)};
		}

		case 'cleanUp': {
			return {type: 'cleaned', id, result: await runCleanup(message.request, options)};
		}
	}
};

/** Posts what a request reports at most five times a second, and in between how far the large files have come that are under way. */
class ProgressPoster {
	readonly #id: number;
	readonly #flag: AbortFlag;
	readonly #post: Post;
	readonly #timer: NodeJS.Timeout;
	#last: TreeProgress | undefined;
	#postedBytes = -1;
	#postedAt = 0;

	readonly report = (progress: TreeProgress): void => {
		this.#last = progress;

		if (performance.now() - this.#postedAt >= progressIntervalMs) {
			this.#postLast();
		}
	};

	constructor(id: number, flag: AbortFlag, post: Post) {
		this.#id = id;
		this.#flag = flag;
		this.#post = post;
		this.#timer = setInterval(() => {
			this.#postLast();
		}, progressIntervalMs);
	}

	#postLast(): void {
		const last = this.#last ?? nothingYet;
		const bytesDone = last.bytesDone + this.#flag.bytesUnderWay;

		if (bytesDone === this.#postedBytes) {
			return;
		}

		this.#postedBytes = bytesDone;
		this.#postedAt = performance.now();
		this.#post({type: 'progress', id: this.#id, progress: {...last, bytesDone, bytesTotal: last.bytesTotal === null ? null : Math.max(last.bytesTotal, bytesDone)}});
	}

	end(): void {
		clearInterval(this.#timer);
	}
}

const nothingYet: TreeProgress = {
	bytesDone: 0, bytesTotal: null, filesDone: 0, filesTotal: null, currentPath: null,
};

const answer = async (message: EngineRequest, pool: PackPool, post: Post): Promise<void> => {
	const abortFlag = new AbortFlag(message.abortFlag);
	const poster = new ProgressPoster(message.id, abortFlag, post);

	try {
		post(await carryOut(message, {pool, abortFlag, onProgress: poster.report}));
	} catch (error) {
		post({type: 'failed', id: message.id, error: toThreadError(inWords(error))});
	} finally {
		poster.end();
	}
};

/** Takes requests from the port until it is closed. */
export const answerRequests = (port: MessagePort, pool: PackPool): void => {
	detachThread();
	port.on('message', (message: EngineRequest) => {
		void answer(message, pool, reply => {
			port.postMessage(reply);
		});
	});
};
