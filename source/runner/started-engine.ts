import type {Engine} from '../engine/engine.ts';
import {startEngine} from '../engine/start-engine.ts';

/** The engine, whose threads are started with the first task that needs them, and kept. */
export class StartedEngine {
	readonly #readThreads: () => Promise<number>;
	#started: Promise<Engine> | undefined;

	constructor(readThreads: () => Promise<number>) {
		this.#readThreads = readThreads;
	}

	async #start(): Promise<Engine> {
		return startEngine({threads: await this.#readThreads()});
	}

	async get(): Promise<Engine> {
		this.#started ??= this.#start();

		return this.#started;
	}

	async close(): Promise<void> {
		const engine = await this.#started;
		await engine?.close();
	}
}
