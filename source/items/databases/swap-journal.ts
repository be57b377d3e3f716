/** What exchanging a database is about to change, on disk before it is changed: after a crash it is brought to its end, or undone. */
import {
	mkdir,
	readdir,
	readFile,
	rm,
} from 'node:fs/promises';
import {join} from 'node:path';
import * as z from 'zod';
import {syncFolder, writeDurably} from '../../system/durable-file.ts';

const object = z.strictObject({
	type: z.enum(['VIEW', 'PROCEDURE', 'FUNCTION', 'TRIGGER', 'EVENT']),
	name: z.string(),
	definer: z.strictObject({user: z.string(), host: z.string()}),
	statement: z.string(),
	session: z.record(z.string(), z.string()),
});

const swap = z.strictObject({
	version: z.literal(1),
	kind: z.enum(['mysql', 'postgresql']),
	name: z.string(),
	fresh: z.string(),
	old: z.string(),
	/** Tables of the live database and of the one that replaces it; PostgreSQL renames the whole. */
	tables: z.strictObject({live: z.int(), fresh: z.int()}).nullable(),
	/** What stands beside the tables, live and in the one that replaces it; it cannot be renamed with them. */
	objects: z.strictObject({live: z.array(object), fresh: z.array(object)}).nullable(),
});

/** One exchange that was begun. */
export type Swap = z.infer<typeof swap>;

export class SwapJournal {
	readonly #folder: string;

	constructor(stateDirectory: string) {
		this.#folder = join(stateDirectory, 'swaps');
	}

	#pathOf({kind, fresh}: Pick<Swap, 'kind' | 'fresh'>): string {
		return join(this.#folder, `${kind}-${fresh}.json`);
	}

	async #readOne(name: string): Promise<Swap> {
		const text = await readFile(join(this.#folder, name), 'utf8');

		return swap.parse(JSON.parse(text));
	}

	/** Resolves when it is on disk. */
	async write(entry: Swap): Promise<void> {
		await mkdir(this.#folder, {recursive: true, mode: 0o700});
		await writeDurably(this.#pathOf(entry), `${JSON.stringify(entry)}\n`, {mode: 0o600});
	}

	/** Its end was reached: what of it is still there is in nobody's way. */
	async remove(entry: Pick<Swap, 'kind' | 'fresh'>): Promise<void> {
		await mkdir(this.#folder, {recursive: true, mode: 0o700});
		await rm(this.#pathOf(entry), {force: true});
		await syncFolder(this.#folder);
	}

	/** What was not brought to its end. */
	async read(): Promise<readonly Swap[]> {
		const names = await listNames(this.#folder);

		return Promise.all(names.filter(name => /^(?:mysql|postgresql)-\w+\.json$/v.test(name)).map(async name => this.#readOne(name)));
	}
}

const listNames = async (folder: string): Promise<readonly string[]> => {
	try {
		return await readdir(folder);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return [];
		}

		throw error;
	}
};
