/** The pack threads: started when there is work for them, kept for the next run. */
import {Worker} from 'node:worker_threads';
import type {PackReply, PackRequest, ThreadError} from './protocol.ts';
import {fromThreadError} from './thread-error.ts';

export type PackMessage = {readonly id: number; readonly request: PackRequest};
export type PackAnswer = {readonly id: number; readonly reply: PackReply} | {readonly id: number; readonly error: ThreadError};

/** One thread behind promises; requests are carried out in the order in which they are made. */
export class PackThread {
	readonly #worker: Worker;
	readonly #waiting = new Map<number, {readonly resolve: (reply: PackReply) => void; readonly reject: (error: Error) => void}>();
	#lastId = 0;

	constructor() {
		this.#worker = new Worker(new URL('pack-thread.js', import.meta.url), {resourceLimits: {maxYoungGenerationSizeMb: 2}});
		this.#worker.unref();
		this.#worker.on('message', (answer: PackAnswer) => {
			const waiting = this.#waiting.get(answer.id);
			this.#waiting.delete(answer.id);

			if ('error' in answer) {
				waiting?.reject(fromThreadError(answer.error));
			} else {
				waiting?.resolve(answer.reply);
			}
		});
		this.#worker.on('error', error => {
			this.#rejectAll(error as Error);
		});
		this.#worker.on('exit', () => {
			this.#rejectAll(new Error('A pack thread ended.'));
		});
	}

	#rejectAll(error: Error): void {
		for (const {reject} of this.#waiting.values()) {
			reject(error);
		}

		this.#waiting.clear();
	}

	/** Requests that are not answered yet. */
	get load(): number {
		return this.#waiting.size;
	}

	async call<Type extends PackReply['type']>(request: PackRequest, expected: Type): Promise<PackReply & {type: Type}> {
		const id = ++this.#lastId;
		const {promise, resolve, reject} = Promise.withResolvers<PackReply>();
		this.#waiting.set(id, {resolve, reject});
		this.#worker.postMessage({id, request} satisfies PackMessage);
		const reply = await promise;

		if (reply.type !== expected) {
			throw new Error(`A pack thread answered ${reply.type} where ${expected} was expected.`);
		}

		return reply as PackReply & {type: Type};
	}

	async close(): Promise<void> {
		await this.#worker.terminate();
	}
}

/** The thread with the fewest requests before it. */
export const idlestOf = (threads: readonly PackThread[]): PackThread => {
	let idlest = threads[0]!;

	for (const thread of threads) {
		if (thread.load < idlest.load) {
			idlest = thread;
		}
	}

	return idlest;
};

export class PackPool {
	readonly #threads: PackThread[] = [];

	/** The first `count` threads. */
	take(count: number): PackThread[] {
		while (this.#threads.length < count) {
			this.#threads.push(new PackThread());
		}

		return this.#threads.slice(0, count);
	}

	async close(): Promise<void> {
		await Promise.all(this.#threads.map(async thread => thread.close()));
	}
}
