import {rm} from 'node:fs/promises';
import {join} from 'node:path';
import type {Store} from '../state/store.ts';
import {listNames} from '../system/list-names.ts';

/** Removes what this server remembers of backups under keys: copies of catalogs, and what scans saw. Without `keys` of all of them. */
export const forgetCatalogs = async ({directory}: Pick<Store, 'directory'>, keys?: readonly string[]): Promise<void> => {
	const cache = join(directory, 'cache');
	const copies = join(cache, 'catalogs');

	for (const name of await listNames(copies)) {
		if (keys === undefined || keys.some(id => name.endsWith(`-${id}`))) {
			await rm(join(copies, name), {recursive: true, force: true});
		}
	}

	// Vaults of destinations have shorter ids.
	for (const name of await listNames(cache)) {
		const id = /^(?<id>[\da-f]{32})-/v.exec(name)?.groups!.id;

		if (id !== undefined && (keys === undefined || keys.includes(id))) {
			await rm(join(cache, name), {force: true});
		}
	}
};
