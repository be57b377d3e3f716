import type {Engine} from '../engine/engine.ts';
import {startEngine} from '../engine/start-engine.ts';

/** The engine, whose threads are started with the first task that needs them unless they were before, and kept. */
export class StartedEngine {
	readonly #all: Engine[];
	#engine: Engine | undefined;

	constructor(started: Engine | undefined) {
		this.#engine = started;
		this.#all = started ? [started] : [];
	}

	get(): Engine {
		if (this.#engine === undefined) {
			this.#engine = startEngine();
			this.#all.push(this.#engine);
		}

		return this.#engine;
	}

	/** After a failure that nothing explains the next task gets a new engine. Others may still be at work in this one. */
	distrust(): void {
		this.#engine = undefined;
	}

	async close(): Promise<void> {
		await Promise.all(this.#all.map(async engine => engine.close()));
	}
}
