import {hash} from 'node:crypto';
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
	type FileContent,
} from './state-file.ts';
import {StateDamage} from './state-damage.ts';

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
	/** The only one of its kind: it has a copy from the beginning. */
	readonly isSingle: boolean;
};

/** What was read or written last, with what tells whether the file is still that one. */
type Snapshot<Data> = {
	readonly data: Readonly<Data>;
	/** `undefined` while there is no file. */
	readonly content: Fingerprint | undefined;
};

/** Texts themselves are not kept: ten thousand accounts would double in memory. */
type Fingerprint = {readonly signature: string; readonly digest: string};

const fingerprint = ({text, signature}: FileContent): Fingerprint => ({signature, digest: hash('sha256', text)});

export const openCollection = <Data extends object>(options: CollectionOptions<Data>): Collection<Data> => {
	const empty: Snapshot<Data> = {data: deepFreeze(options.empty()), content: undefined};
	let last = empty;

	/** Each reading has a database of its own: two at once must not hand each other older data. */
	const load = async (): Promise<Snapshot<Data>> => {
		const adapter = new DurableAdapter(options, last);
		const database = new Low<Data>(adapter, empty.data);
		await database.read();
		last = {data: database.data, content: adapter.content};

		return last;
	};

	return {
		async read() {
			const known = last;
			const signature = readSignature(options.path);
			const {data} = signature !== undefined && signature === known.content?.signature ? known : await load();

			return data;
		},
		async update(change) {
			const before = await load();
			const draft = structuredClone(before.data) as Data;
			const result = change(draft);

			if (result instanceof Promise) {
				throw new TypeError('A change of the state must not be asynchronous: it would be saved before it was made.');
			}

			const adapter = new DurableAdapter(options, before);
			const database = new Low<Data>(adapter, draft);
			await database.write();
			last = {data: deepFreeze(database.data), content: adapter.content};

			return result;
		},
	};
};

class DurableAdapter<Data extends object> implements Adapter<Data> {
	readonly #options: CollectionOptions<Data>;
	readonly #known: Snapshot<Data>;

	/** What the file held when it was read or written last. */
	content: Fingerprint | undefined;

	constructor(options: CollectionOptions<Data>, known: Snapshot<Data>) {
		this.#options = options;
		this.#known = known;
		this.content = known.content;
	}

	async read(): Promise<Data | null> {
		const {path, format} = this.#options;

		try {
			const content = readStateFile(path);
			this.content = content && fingerprint(content);

			if (content === undefined) {
				return null;
			}

			return this.content?.digest === this.#known.content?.digest ? this.#known.data : deepFreeze(parseStateFile(content.text, format));
		} catch (error) {
			throw error instanceof StateDamage ? withRemedy(error, this.#options) : error;
		}
	}

	/** What did not change is not written: it would only push a good copy out. */
	async write(data: Data): Promise<void> {
		const {path, format} = this.#options;
		const text = formatStateFile(checkDraft(data, format), format);

		if (hash('sha256', text) === this.#known.content?.digest) {
			return;
		}

		await writeStateFile(path, text, {isCopiedAtOnce: this.#options.isSingle});
		this.content = fingerprint({text, signature: readSignature(path) ?? ''});
	}
}

const withRemedy = <Data>(damage: StateDamage, options: CollectionOptions<Data>): UserError => new UserError(`The state file ${relative(options.stateDirectory, options.path)} ${damage.message}.`, {
	code: 'damaged',
	hint: damage.hint ?? describeCopies(options),
	cause: damage,
});

/** Names the newest copy that is sound. */
const describeCopies = <Data>({path, format}: CollectionOptions<Data>): string => {
	for (const copy of existingCopies(path)) {
		if (isSound(copy, format)) {
			return `Nothing was changed. The last good copy is from before its last change; put it in place with: cp -p '${copy}' '${path}'`;
		}
	}

	return 'Nothing was changed. No good copy of it exists here; a sealed copy of the state lies at the destination.';
};

const isSound = <Data>(path: string, format: StateFormat<Data>): boolean => {
	try {
		const content = readStateFile(path);
		return content !== undefined && Boolean(parseStateFile(content.text, format));
	} catch (error) {
		if (error instanceof StateDamage || error instanceof UserError) {
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
