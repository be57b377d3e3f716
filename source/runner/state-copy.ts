import {Buffer} from 'node:buffer';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {Readable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {createZstdCompress} from 'node:zlib';
import {openVault} from '../engine/vault/vault.ts';
import {definitions, type CollectionName} from '../state/schema.ts';
import {readSetting} from '../state/read-setting.ts';
import type {Store} from '../state/store.ts';
import type {Clock} from '../system/clock.ts';
import {readWritableVault} from './vault-location.ts';

export const stateCopyFormat = 'holdfast-state';
export const stateCopyVersion = 1;

type CopyOptions = {readonly store: Store; readonly clock: Clock; readonly destinations: Iterable<string>};

/** Puts a copy of the whole state, sealed, at each of the destinations: with it and the recovery key a new server is rebuilt. */
export const copyState = async ({store, clock, destinations}: CopyOptions): Promise<void> => {
	const createdAt = clock.now().toISOString();
	const bytes = await packState(store, createdAt);

	for (const destination of destinations) {
		const vault = await openVault(await readWritableVault({store}, {destination}));

		try {
			await vault.putStateCopy(createdAt.replaceAll(/[\-.:]/gv, ''), bytes);
		} finally {
			vault.close();
		}
	}
};

/** Zstd of one JSON document a line: what it is, then each file of the state with its path and its text as it was. */
const packState = async (store: Store, createdAt: string): Promise<Uint8Array> => {
	const machine = await readSetting(store, 'machine.name');
	const chunks: Uint8Array[] = [];

	await pipeline(
		Readable.from(stateLines(store, {
			format: stateCopyFormat, version: stateCopyVersion, machine, createdAt,
		})),
		createZstdCompress(),
		async stream => {
			for await (const chunk of stream as AsyncIterable<Uint8Array>) {
				chunks.push(chunk);
			}
		},
	);

	return Buffer.concat(chunks);
};

const stateLines = async function * (store: Store, header: object): AsyncGenerator<string> {
	yield `${JSON.stringify(header)}\n`;

	for (const path of await statePaths(store)) {
		const text = await readText(join(store.directory, path));

		if (text !== undefined) {
			yield `${JSON.stringify({path, text})}\n`;
		}
	}
};

const statePaths = async (store: Store): Promise<readonly string[]> => {
	const names = Object.keys(definitions) as CollectionName[];
	const paths = await Promise.all(names.map(async name => pathsOf(store, name)));

	return paths.flat();
};

const pathsOf = async (store: Store, name: CollectionName): Promise<readonly string[]> => {
	if (definitions[name].isKey === undefined) {
		return [`${name}.json`];
	}

	const keys = await store.keys(name);

	return keys.map(key => `${name}/${key}.json`);
};

/** A collection that was never changed has no file. */
const readText = async (path: string): Promise<string | undefined> => {
	try {
		return await readFile(path, 'utf8');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return undefined;
		}

		throw error;
	}
};
