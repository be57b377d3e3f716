import {relative} from 'node:path';
import {Low, type Adapter} from 'lowdb';
import {UserError} from '../errors.ts';
import {
	checkData,
	formatStateFile,
	parseStateFile,
	type StateFormat,
} from './parse-state-file.ts';
import {
	existingCopies,
	readSignature,
	readStateFile,
	writeStateFile,
} from './state-file.ts';

/** One file of the state as a lowdb database, with an adapter that checks what it reads and makes durable what it writes. */
export type Collection<Data> = {
	/** What the file holds now, frozen; parsed again only when the file changed. */
	read(): Promise<Readonly<Data>>;
	/** Applies `change` to a copy, checks and saves it. The caller holds the lock of the state. */
	update<Result>(change: (draft: Data) => Result): Promise<Result>;
};

export type CollectionOptions<Data> = {
	readonly path: string;
	/** For messages: the path is shown below it. */
	readonly stateDirectory: string;
	readonly format: StateFormat<Data>;
	readonly empty: () => Data;
};

export const openCollection = <Data extends object>(options: CollectionOptions<Data>): Collection<Data> => {
	const database = new Low<Data>(new DurableAdapter(options), deepFreeze(options.empty()));
	let signature: string | undefined;

	const read = async (): Promise<Readonly<Data>> => {
		const current = await readSignature(options.path);

		if (current === undefined || current !== signature) {
			database.data = deepFreeze(options.empty());
			await database.read();
			signature = current;
		}

		return database.data;
	};

	return {
		read,
		async update(change) {
			const draft = structuredClone(await read()) as Data;
			const result = change(draft);

			if (result instanceof Promise) {
				throw new TypeError('A change of the state must not be asynchronous: it would be saved before it was made.');
			}

			const before = database.data;

			try {
				database.data = draft;
				await database.write();
				deepFreeze(database.data);
			} catch (error) {
				database.data = before;
				throw error;
			}

			signature = await readSignature(options.path);

			return result;
		},
	};
};

class DurableAdapter<Data extends object> implements Adapter<Data> {
	readonly #options: CollectionOptions<Data>;

	constructor(options: CollectionOptions<Data>) {
		this.#options = options;
	}

	async read(): Promise<Data | null> {
		const {path, format} = this.#options;

		try {
			const content = await readStateFile(path);
			return content === undefined ? null : deepFreeze(parseStateFile(content.text, format));
		} catch (error) {
			throw await withRemedy(error, this.#options);
		}
	}

	async write(data: Data): Promise<void> {
		const {path, format} = this.#options;
		await writeStateFile(path, formatStateFile(checkDraft(data, format), format));
	}
}

const withRemedy = async <Data>(error: unknown, options: CollectionOptions<Data>): Promise<unknown> => {
	if (!(error instanceof UserError) || error.code !== 'damaged' || error.message.endsWith('.')) {
		return error;
	}

	return new UserError(`The state file ${relative(options.stateDirectory, options.path)} ${error.message}.`, {
		code: 'damaged',
		hint: error.hint ?? await describeCopies(options),
		cause: error,
	});
};

/** Names the newest copy that is sound. */
const describeCopies = async <Data>({path, format}: CollectionOptions<Data>): Promise<string> => {
	for (const copy of await existingCopies(path)) {
		if (await isSound(copy, format)) {
			return `Nothing was changed. The last good copy is from before its last change; put it in place with: cp -p '${copy}' '${path}'`;
		}
	}

	return 'Nothing was changed. No good copy of it exists here; a sealed copy of the state lies at the destination.';
};

const isSound = async <Data>(path: string, format: StateFormat<Data>): Promise<boolean> => {
	try {
		const content = await readStateFile(path);
		return content !== undefined && Boolean(parseStateFile(content.text, format));
	} catch (error) {
		if (error instanceof UserError) {
			return false;
		}

		throw error;
	}
};

/** A draft that the schema refuses is a bug of ours, not a damaged file. */
const checkDraft = <Data>(data: Data, format: StateFormat<Data>): Data => {
	try {
		return checkData(data, format.schema);
	} catch (error) {
		throw new TypeError(`A change would have damaged the state: it ${(error as Error).message}.`, {cause: error});
	}
};

const deepFreeze = <Data>(data: Data): Data => {
	if (typeof data === 'object' && data !== null && !Object.isFrozen(data)) {
		Object.freeze(data);

		for (const value of Object.values(data)) {
			deepFreeze(value);
		}
	}

	return data;
};
