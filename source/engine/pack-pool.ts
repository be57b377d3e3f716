/** The pack threads: started when there is work for them, kept for the next run. */
import {MessageChannel, type MessagePort, Worker} from 'node:worker_threads';
import type {PackedListings} from './backup/listed-trees.ts';
import type {
	ListReply,
	ListRequest,
	PackReply,
	PackRequest,
	ThreadError,
} from './protocol.ts';
import {fromThreadError} from './base/thread-error.ts';

export type PackMessage = {readonly id: number; readonly request: PackRequest};
export type PackAnswer = {readonly id: number; readonly reply: PackReply} | {readonly id: number; readonly error: ThreadError};

/** What was asked and is not answered yet. */
class Waiting<Reply> {
	readonly #asked = new Map<number, {readonly resolve: (reply: Reply) => void; readonly reject: (error: Error) => void}>();
	#lastId = 0;

	get size(): number {
		return this.#asked.size;
	}

	async ask(send: (id: number) => void): Promise<Reply> {
		const id = ++this.#lastId;
		const {promise, resolve, reject} = Promise.withResolvers<Reply>();
		this.#asked.set(id, {resolve, reject});
		send(id);

		return promise;
	}

	resolve(id: number, reply: Reply): void {
		this.#asked.get(id)?.resolve(reply);
		this.#asked.delete(id);
	}

	reject(id: number, error: ThreadError): void {
		this.#asked.get(id)?.reject(fromThreadError(error));
		this.#asked.delete(id);
	}

	rejectAll(error: Error): void {
		for (const {reject} of this.#asked.values()) {
			reject(error);
		}

		this.#asked.clear();
	}
}

/** One thread behind promises; requests are carried out in the order in which they are made, listings as soon as may be. */
export class PackThread {
	readonly #worker: Worker;
	readonly #lists: MessagePort;
	readonly #requests = new Waiting<PackReply>();
	readonly #listings = new Waiting<PackedListings>();

	constructor() {
		const {port1, port2} = new MessageChannel();
		this.#lists = port1;
		this.#worker = new Worker(new URL('pack-thread.js', import.meta.url), {
			resourceLimits: {maxYoungGenerationSizeMb: 2}, workerData: port2, transferList: [port2],
		});
		this.#worker.on('message', (answer: PackAnswer) => {
			if ('error' in answer) {
				this.#requests.reject(answer.id, answer.error);
			} else {
				this.#requests.resolve(answer.id, answer.reply);
			}
		});
		this.#lists.on('message', (reply: ListReply) => {
			if ('error' in reply) {
				this.#listings.reject(reply.id, reply.error);
			} else {
				this.#listings.resolve(reply.id, reply.listings);
			}
		});
		this.#worker.on('error', error => {
			this.#rejectAll(error as Error);
		});
		this.#worker.on('exit', () => {
			this.#rejectAll(new Error('A pack thread ended.'));
		});
		this.#worker.unref();
		this.#lists.unref();
	}

	#rejectAll(error: Error): void {
		this.#requests.rejectAll(error);
		this.#listings.rejectAll(error);
	}

	/** Requests that are not answered yet. */
	get load(): number {
		return this.#requests.size;
	}

	/** Listings that are not answered yet. */
	get listLoad(): number {
		return this.#listings.size;
	}

	async call<Type extends PackReply['type']>(request: PackRequest, expected: Type): Promise<PackReply & {type: Type}> {
		const reply = await this.#requests.ask(id => {
			this.#worker.postMessage({id, request} satisfies PackMessage);
		});

		if (reply.type !== expected) {
			throw new Error(`A pack thread answered ${reply.type} where ${expected} was expected.`);
		}

		return reply as PackReply & {type: Type};
	}

	/** Lists folders that this thread of ours holds open, and what it pleases below them. */
	async list(folderFds: Int32Array): Promise<PackedListings> {
		return this.#listings.ask(id => {
			this.#lists.postMessage({id, folderFds} satisfies ListRequest);
		});
	}

	async close(): Promise<void> {
		this.#lists.close();
		await this.#worker.terminate();
	}
}

/** The thread that has the least before it. */
export const idlestOf = (threads: readonly PackThread[], loadOf: (thread: PackThread) => number = ({load}) => load): PackThread => {
	let idlest = threads[0]!;

	for (const thread of threads) {
		if (loadOf(thread) < loadOf(idlest)) {
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
