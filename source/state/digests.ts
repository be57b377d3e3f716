/**
What lists tell of thousands of files of the state, kept beside them: three hundred thousand backups are not read again to count them. A digest is used only
while the file it was made from is still that very file; the reading of any other one is checked as ever.
*/
import {join} from 'node:path';
import {UserError} from '../errors.ts';
import {isNoRoom} from '../system/disposable-file.ts';
import {createTurns} from '../system/turns.ts';
import {DigestJournal, type NewDigest} from './digest-journal.ts';
import {definitions, type Collections} from './schema.ts';
import type {Store} from './store.ts';

export type DigestedName = 'backups' | 'tasks';

/** How digests of a collection are made; one object for each kind. */
export type DigestKind<Name extends DigestedName, Digest> = {
	readonly name: Name;
	/** Of the file of digests, without its ending. */
	readonly file: string;
	/** Another one where a digest means something else. */
	readonly version: number;
	/** Whether they stay in memory: what is asked for often does. */
	readonly isRemembered: boolean;
	readonly digest: (data: Readonly<Collections[Name]>) => Digest;
};

export type DigestReading<Digest> = {
	readonly digest: Digest;
	/** Why what the file holds cannot be told: then the digest is that of an empty one. */
	readonly problem: UserError | undefined;
};

/** For fewer files the file of digests is not worth reading. */
const worthRemembering = 100;
/** Who gives up waiting loses no more than the digests of so many. */
const mostUnsaved = 500;

const journals = new WeakMap<Store, Map<string, unknown>>();

export type DigestOptions = {
	/** All unless said otherwise. */
	readonly keys?: readonly string[] | undefined;
	readonly onProgress?: ReadingProgress | undefined;
};

/** Called often, with how many accounts of how many are read. */
export type ReadingProgress = (done: number, total: number) => void;

/** The digests of these files as of now. */
export const readDigests = async <Name extends DigestedName, Digest>(store: Store, kind: DigestKind<Name, Digest>, {keys, onProgress}: DigestOptions = {}): Promise<ReadonlyMap<string, DigestReading<Digest>>> => {
	const wanted = keys ?? await store.keys(kind.name);
	const readings = new Map<string, DigestReading<Digest>>();

	for await (const [key, reading] of eachDigest(store, kind, wanted)) {
		readings.set(key, reading);
		onProgress?.(readings.size, wanted.length);
	}

	return readings;
};

/**
As `readDigests`, where all of them would fill the memory.
@yields one after the other, in the order of the keys
*/
export async function * eachDigest<Name extends DigestedName, Digest>(store: Store, kind: DigestKind<Name, Digest>, keys?: readonly string[]): AsyncGenerator<readonly [string, DigestReading<Digest>]> {
	const wanted = keys ?? await store.keys(kind.name);
	const kept = wanted.length < worthRemembering ? undefined : new KeptDigests(store, kind);
	await kept?.journal.refresh();
	const othersTurn = createTurns();

	try {
		for (const key of wanted) {
			await othersTurn();
			const signature = store.signature(kind.name, key);
			const known = signature === undefined ? undefined : kept?.journal.find(key, signature);

			if (known !== undefined) {
				yield [key, {digest: known, problem: undefined}];
				continue;
			}

			const {data, problem} = await readFile(store, kind.name, key);
			const digest = kind.digest(data);

			if (problem === undefined) {
				await kept?.take({key, signature, digest});
			}

			yield [key, {digest, problem}];
		}
	} finally {
		await kept?.save();
	}
}

/** Makes the digests that are missing, of all these kinds together: a file is read once. */
export const renewDigests = async <Name extends DigestedName>(store: Store, kinds: ReadonlyArray<DigestKind<Name, unknown>>): Promise<void> => {
	const {name} = kinds[0]!;
	const keys = await store.keys(name);

	if (keys.length < worthRemembering || store.isReadOnly) {
		return;
	}

	const all = kinds.map(kind => new KeptDigests(store, kind));
	await Promise.all(all.map(async ({journal}) => journal.refresh()));
	const othersTurn = createTurns();

	try {
		for (const key of keys) {
			await othersTurn();
			const signature = store.signature(name, key);
			const missing = all.filter(({journal}) => signature !== undefined && !journal.has(key, signature));
			const reading = missing.length === 0 ? undefined : await readFile(store, name, key);

			if (reading?.problem !== undefined) {
				continue;
			}

			for (const kept of missing) {
				await kept.take({key, signature, digest: kept.kind.digest(reading!.data)});
			}
		}
	} finally {
		await Promise.all(all.map(async kept => kept.save()));
	}
};

/** The digests of a kind that are known, and those that were made now and are not saved yet. */
class KeptDigests<Name extends DigestedName, Digest> {
	readonly #store: Store;
	#news: Array<NewDigest<Digest>> = [];
	readonly kind: DigestKind<Name, Digest>;
	readonly journal: DigestJournal<Digest>;

	constructor(store: Store, kind: DigestKind<Name, Digest>) {
		this.#store = store;
		this.kind = kind;
		this.journal = journalOf(store, kind);
	}

	/** What was replaced while it was read is read again the next time. */
	async take({key, signature, digest}: {readonly key: string; readonly signature: string | undefined; readonly digest: Digest}): Promise<void> {
		if (signature === undefined || this.#store.signature(this.kind.name, key) !== signature) {
			return;
		}

		this.#news.push({key, signature, digest});

		if (this.#news.length >= mostUnsaved) {
			await this.save();
		}
	}

	async save(): Promise<void> {
		const news = this.#news;
		this.#news = [];

		if (news.length === 0 || this.#store.isReadOnly) {
			this.journal.keep(news);
			return;
		}

		try {
			await this.journal.add(news, async () => this.#store.keys(this.kind.name));
		} catch (error) {
			// Where there is no room for what is disposable, lists are shown all the same.
			if (!isNoRoom(error)) {
				throw error;
			}
		}
	}
}

/** One object for each store: what was read of the file is not read again. */
const journalOf = <Name extends DigestedName, Digest>(store: Store, {file, version, isRemembered}: DigestKind<Name, Digest>): DigestJournal<Digest> => {
	const path = join(store.directory, 'cache', `${file}.digests`);
	const own = journals.get(store) ?? new Map<string, unknown>();
	const journal = own.get(file) ?? new DigestJournal(path, {version, isRemembered});

	if (isRemembered) {
		journals.set(store, own.set(file, journal));
	}

	return journal as DigestJournal<Digest>;
};

type FileReading<Name extends DigestedName> = {readonly data: Readonly<Collections[Name]>; readonly problem: UserError | undefined};

const readFile = async <Name extends DigestedName>(store: Store, name: Name, key: string): Promise<FileReading<Name>> => {
	try {
		return {data: await store.read(name, key), problem: undefined};
	} catch (error) {
		if (error instanceof UserError && error.code === 'damaged') {
			return {data: definitions[name].empty() as unknown as Readonly<Collections[Name]>, problem: error};
		}

		throw error;
	}
};
