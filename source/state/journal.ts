import {mkdir, readFile, rm} from 'node:fs/promises';
import {join} from 'node:path';
import type * as z from 'zod';
import {syncFolder, writeDurably} from '../system/durable-file.ts';
import {listNames} from '../system/list-names.ts';

export type JournalOptions<Entry extends Key, Key> = {
	/** Absolute; made where it is missing. */
	readonly folder: string;
	readonly schema: z.ZodType<Entry>;
	/** The name of an act's file without its ending: letters, digits, `_` and `-`. */
	readonly nameOf: (key: Key) => string;
};

/** What acts are about to change, a file an act, on disk before it is changed: whoever finds it after a crash brings the act to its end, or undoes it. */
export class Journal<Entry extends Key, Key = Entry> {
	readonly #options: JournalOptions<Entry, Key>;

	constructor(options: JournalOptions<Entry, Key>) {
		this.#options = options;
	}

	#pathOf(key: Key): string {
		return join(this.#options.folder, `${this.#options.nameOf(key)}.json`);
	}

	async #readOne(name: string): Promise<Entry> {
		const text = await readFile(join(this.#options.folder, name), 'utf8');

		return this.#options.schema.parse(JSON.parse(text));
	}

	/** Resolves when it is on disk. */
	async write(entry: Entry): Promise<void> {
		await mkdir(this.#options.folder, {recursive: true, mode: 0o700});
		await writeDurably(this.#pathOf(entry), `${JSON.stringify(entry)}\n`, {mode: 0o600});
	}

	/** Its end was reached: what of it is still there is in nobody's way. */
	async remove(key: Key): Promise<void> {
		await mkdir(this.#options.folder, {recursive: true, mode: 0o700});
		await rm(this.#pathOf(key), {force: true});
		await syncFolder(this.#options.folder);
	}

	/** What was not brought to its end. */
	async read(): Promise<readonly Entry[]> {
		const names = await listNames(this.#options.folder);

		return Promise.all(names.filter(name => /^[\w\-]+\.json$/v.test(name)).map(async name => this.#readOne(name)));
	}
}
