import {mkdir, readdir} from 'node:fs/promises';
import {dirname, join, resolve} from 'node:path';
import {UserError} from '../errors.ts';
import {acquireLock} from '../system/lock.ts';
import {openCollection, type Collection} from './collection.ts';
import {
	definitions,
	type CollectionName,
	type Collections,
	type Definition,
} from './schema.ts';
import {readSignature, removeStateFile} from './state-file.ts';
import {checkStateDirectory, createStateDirectory} from './state-directory.ts';
import type {Store} from './store.ts';

export type OpenStoreOptions = {
	readonly directory: string;
	readonly isReadOnly: boolean;
	/** Makes the directory where there is none. */
	readonly isCreating?: boolean;
};

/** Long enough for any queue of changes, short enough that a stopped process is noticed. */
const lockWaitMs = 30_000;
/** Of those kept per account, and of days, the files of which are long. */
const mostInMemory: Partial<Record<CollectionName, number>> = {backups: 256, tasks: 256, 'finished-tasks': 2};

/**
Opens the state kept in `directory`. Files are read when asked for.
@throws UserError `notFound` when there is no such directory, `refused` when it is somebody else's.
*/
export const openStore = async ({directory, isReadOnly, isCreating = false}: OpenStoreOptions): Promise<Store> => {
	const root = resolve(directory);

	if (isCreating && !isReadOnly) {
		await createStateDirectory(root);
	}

	await checkStateDirectory(root, {isReadOnly});

	const collections = new Map<string, Collection<unknown>>();
	const keyedRead = new Map<CollectionName, Set<string>>();
	let lastUpdate: Promise<unknown> = Promise.resolve();

	const collection = <Name extends CollectionName>(name: Name, key: string | undefined): Collection<Collections[Name]> => {
		const path = pathOf(root, name, key);
		// The compiler does not see that a name's definition is of that name's data.
		const definition = definitions[name] as unknown as Definition<Collections[Name]>;
		const opened = collections.get(path) ?? openCollection({
			path, stateDirectory: root, format: definition, empty: definition.empty, isSingle: key === undefined,
		});

		collections.set(path, opened);

		if (key !== undefined) {
			const read = keyedRead.get(name) ?? new Set<string>();
			keyedRead.set(name, read);
			forgetOldest(collections, read, {path, most: mostInMemory[name] ?? Infinity});
		}

		return opened as Collection<Collections[Name]>;
	};

	/** Changes the state under its lock, after what was to change before. */
	const alone = async <Result>(name: CollectionName, change: () => Promise<Result>): Promise<Result> => {
		if (isReadOnly) {
			throw new UserError('Holdfast was started read-only.', {code: 'refused', hint: 'Start it without --read-only to change something.'});
		}

		const changeLocked = async (): Promise<Result> => {
			const lock = await acquireLock(join(root, '.lock'), {waitMs: lockWaitMs, purpose: `changing ${name}`});

			try {
				return await change();
			} finally {
				lock.release();
			}
		};

		// Ours wait in line here instead of competing for the lock; a failed one does not stop the next.
		const result = lastUpdate.then(changeLocked);
		lastUpdate = result.catch(() => undefined);

		return result;
	};

	return {
		directory: root,
		isReadOnly,
		read: async (name, key) => collection(name, key).read(),
		update: async (name, key, change) => alone(name, async () => {
			await mkdir(dirname(pathOf(root, name, key)), {recursive: true, mode: 0o700});

			return collection(name, key).update(change);
		}),
		remove: async (name, key) => alone(name, async () => {
			const path = pathOf(root, name, key);
			await removeStateFile(path);
			collections.delete(path);
		}),
		signature: (name, key) => readSignature(pathOf(root, name, key)),
		keys: async name => listKeys(join(root, name), definitions[name].isKey),
	};
};

/** The backups and tasks of thousands of accounts are read one after the other: only those of the last few stay in memory. */
const forgetOldest = (collections: Map<string, Collection<unknown>>, read: Set<string>, {path, most}: {readonly path: string; readonly most: number}): void => {
	read.delete(path);
	read.add(path);

	if (read.size <= most) {
		return;
	}

	const [oldest] = read;
	read.delete(oldest!);
	collections.delete(oldest!);
};

const pathOf = (root: string, name: CollectionName, key: string | undefined): string => {
	const {isKey} = definitions[name];

	if (isKey ? key === undefined || !isKey(key) : key !== undefined) {
		throw new TypeError(`${String(key)} is no key of ${name}.`);
	}

	return key === undefined ? join(root, `${name}.json`) : join(root, name, `${key}.json`);
};

const listKeys = async (folder: string, isKey: ((key: string) => boolean) | undefined): Promise<readonly string[]> => {
	if (!isKey) {
		return [];
	}

	try {
		const names = await readdir(folder);

		return names.filter(name => name.endsWith('.json')).map(name => name.slice(0, -'.json'.length)).filter(key => isKey(key));
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return [];
		}

		throw error;
	}
};
