/**
What lists tell of thousands of files of the state, kept beside them: three hundred thousand backups are not read again to count them. A digest is used only
while the file it was made from is still that very file; the reading of any other one is checked as ever.
*/
import {join} from 'node:path';
import type * as z from 'zod';
import {UserError} from '../errors.ts';
import {createTurns} from '../system/turns.ts';
import {DigestJournal, type KnownDigest} from './digest-journal.ts';
import {definitions, type Collections} from './schema.ts';
import type {Store} from './store.ts';

export type DigestedName = 'backups' | 'tasks';

/** How digests of a collection are made; one object for each kind. */
export type DigestKind<Name extends DigestedName, Digest> = {
	readonly name: Name;
	/** Another one where a digest means something else. */
	readonly version: number;
	readonly schema: z.ZodType<Digest>;
	readonly digest: (data: Readonly<Collections[Name]>) => Digest;
};

export type DigestReading<Digest> = {
	readonly digest: Digest;
	/** Why what the file holds cannot be told: then the digest is that of an empty one. */
	readonly problem: UserError | undefined;
};

/** For fewer files the file of digests is not worth reading. */
const worthRemembering = 100;

type Journals = Map<DigestedName, unknown>;

const journals = new WeakMap<Store, Journals>();

/** The digests of these files as of now; of all unless said otherwise. */
export const readDigests = async <Name extends DigestedName, Digest>(store: Store, kind: DigestKind<Name, Digest>, keys?: readonly string[]): Promise<ReadonlyMap<string, DigestReading<Digest>>> => {
	const wanted = keys ?? await store.keys(kind.name);
	const journal = wanted.length < worthRemembering ? undefined : journalOf(store, kind);
	const known = await journal?.refresh();
	const readings = new Map<string, DigestReading<Digest>>();
	const news: Array<readonly [string, KnownDigest<Digest>]> = [];
	const othersTurn = createTurns();

	for (const key of wanted) {
		await othersTurn();
		const signature = store.signature(kind.name, key);
		const before = known?.get(key);

		if (before !== undefined && before.signature === signature) {
			readings.set(key, {digest: before.digest, problem: undefined});
			continue;
		}

		const reading = await readDigest(store, kind, key);
		readings.set(key, reading);

		// What was replaced while it was read is read again the next time.
		if (signature !== undefined && reading.problem === undefined && store.signature(kind.name, key) === signature) {
			news.push([key, {signature, digest: reading.digest}]);
		}
	}

	if (journal !== undefined && news.length > 0 && !store.isReadOnly) {
		await journal.add(news, new Set(await store.keys(kind.name)));
	}

	return readings;
};

/** One object for each store: what was read of the file is not read again. */
const journalOf = <Name extends DigestedName, Digest>(store: Store, {name, version, schema}: DigestKind<Name, Digest>): DigestJournal<Digest> => {
	const own = journals.get(store) ?? new Map<DigestedName, unknown>();
	const journal = own.get(name) ?? new DigestJournal(join(store.directory, 'cache', `${name}.digests`), {version, schema});
	journals.set(store, own.set(name, journal));

	return journal as DigestJournal<Digest>;
};

const readDigest = async <Name extends DigestedName, Digest>(store: Store, {name, digest}: DigestKind<Name, Digest>, key: string): Promise<DigestReading<Digest>> => {
	try {
		return {digest: digest(await store.read(name, key)), problem: undefined};
	} catch (error) {
		if (error instanceof UserError && error.code === 'damaged') {
			return {digest: digest(definitions[name].empty() as unknown as Readonly<Collections[Name]>), problem: error};
		}

		throw error;
	}
};
