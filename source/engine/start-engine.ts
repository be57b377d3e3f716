import {Worker} from 'node:worker_threads';
// Koffi must not be unloaded by a thread that ends: see leave.ts.
import '../system/native.ts'; // eslint-disable-line import-x/no-unassigned-import -- it is to be loaded in this thread
import {holdMemory} from '../system/hold-memory.ts';
import {AbortFlag} from './base/abort-flag.ts';
import type {Engine, EngineOptions} from './engine.ts';
import type {EngineReply, EngineRequest, EngineThreadData} from './protocol.ts';
import {fromThreadError} from './base/thread-error.ts';

type Waiting = {readonly resolve: (reply: EngineReply) => void; readonly reject: (error: Error) => void; readonly onProgress: EngineOptions['onProgress']};

/** Far more than is needed, but little enough that V8 collects in time: it lets a heap grow by a factor that depends on the limit. */
const limits = {maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 1024};

export type StartOptions = {
	/** There will be work at once: its own threads start with it. */
	readonly isWarm?: boolean;
};

/** Starts the engine's thread. It keeps its threads for the next request until it is closed, and does not keep the process alive by itself. */
export const startEngine = ({isWarm = false}: StartOptions = {}): Engine => {
	holdMemory();
	const worker = new Worker(new URL('engine-thread.js', import.meta.url), {resourceLimits: limits, workerData: {isWarm} satisfies EngineThreadData});
	const waiting = new Map<number, Waiting>();
	let lastId = 0;
	let ended: Error | undefined;
	worker.unref();

	const rejectAll = (error: Error): void => {
		for (const {reject} of waiting.values()) {
			reject(error);
		}

		waiting.clear();
		worker.unref();
	};

	worker.on('message', (reply: EngineReply) => {
		const waiter = waiting.get(reply.id);

		if (reply.type === 'progress') {
			waiter?.onProgress?.(reply.progress);
			return;
		}

		waiting.delete(reply.id);

		if (waiting.size === 0) {
			worker.unref();
		}

		if (reply.type === 'failed') {
			waiter?.reject(fromThreadError(reply.error));
		} else {
			waiter?.resolve(reply);
		}
	});
	worker.on('error', error => {
		rejectAll(error as Error);
	});
	worker.on('exit', code => {
		ended = new Error(`The engine's thread ended with code ${code}.`);
		rejectAll(ended);
	});

	const call = async (request: EngineCall, {signal, onProgress}: EngineOptions = {}): Promise<EngineReply> => {
		if (ended) {
			throw ended;
		}

		const id = ++lastId;
		const flag = new AbortFlag();
		const onAbort = () => {
			flag.raise();
		};

		signal?.addEventListener('abort', onAbort, {once: true});

		if (signal?.aborted) {
			flag.raise();
		}

		const {promise, resolve, reject} = Promise.withResolvers<EngineReply>();
		waiting.set(id, {resolve, reject, onProgress});
		worker.ref();
		worker.postMessage({...request, id, abortFlag: flag.buffer});

		try {
			return await promise;
		} finally {
			signal?.removeEventListener('abort', onAbort);
		}
	};

	return {
		async backupTree(request, options) {
			const reply = await call({type: 'backup', request}, options);

			return (reply as EngineReply & {type: 'backedUp'}).result;
		},
		async planRestore(request, options) {
			const reply = await call({type: 'plan', request}, options);

			return (reply as EngineReply & {type: 'planned'}).preview;
		},
		async restoreTree(request, options) {
			const reply = await call({type: 'restore', request}, options);

			return (reply as EngineReply & {type: 'restored'}).result;
		},
		async diffLive(request, options) {
			const reply = await call({type: 'diff', request}, options);

			return (reply as EngineReply & {type: 'compared'}).changes;
		},
		async packBackup(request, options) {
			const reply = await call({type: 'pack', request}, options);

			return (reply as EngineReply & {type: 'packed'}).result;
		},
		async unpackPackage(request, options) {
			const reply = await call({type: 'unpack', request}, options);

			return (reply as EngineReply & {type: 'restored'}).result;
		},
		async verify(request, options) {
			const reply = await call({type: 'verify', request}, options);

			return (reply as EngineReply & {type: 'verified'}).result;
		},
		async planCleanup(request, options) {
			const reply = await call({type: 'planCleanup', request}, options);

			return (reply as EngineReply & {type: 'cleaned'}).result;
		},
		async cleanUp(request, options) {
			const reply = await call({type: 'cleanUp', request}, options);

			return (reply as EngineReply & {type: 'cleaned'}).result;
		},
		async measureReclaimable(request, options) {
			const reply = await call({type: 'measure', request}, options);

			return (reply as EngineReply & {type: 'measured'}).reclaimable;
		},
		async close() {
			await worker.terminate();
		},
	};
};

type EngineCall =
	| Pick<EngineRequest & {type: 'backup'}, 'type' | 'request'>
	| Pick<EngineRequest & {type: 'plan' | 'restore' | 'diff'}, 'type' | 'request'>
	| Pick<EngineRequest & {type: 'pack'}, 'type' | 'request'>
	| Pick<EngineRequest & {type: 'unpack'}, 'type' | 'request'>
	| Pick<EngineRequest & {type: 'verify'}, 'type' | 'request'>
	| Pick<EngineRequest & {type: 'measure'}, 'type' | 'request'>
	| Pick<EngineRequest & {type: 'planCleanup' | 'cleanUp'}, 'type' | 'request'>;
