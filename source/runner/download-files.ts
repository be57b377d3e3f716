/** Where the files of downloads lie, and how they go. */
import {mkdir, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {isExpired, type Download} from '../domain/download.ts';
import {fromText, toScreen} from '../domain/raw-name.ts';
import {unfinishedName} from '../engine/package/package-sink.ts';
import {UserError} from '../errors.ts';
import {readSetting} from '../state/read-setting.ts';
import {refreshAccounts} from '../state/refresh-accounts.ts';
import type {Store} from '../state/store.ts';
import {readProvenTime} from '../state/watched-clock.ts';
import type {Clock} from '../system/clock.ts';

type Options = {readonly store: Store; readonly clock: Clock};

/**
The folder that downloads are made in, made where it is missing.
@throws UserError `refused` where it is in somebody's home
*/
export const openDownloadsFolder = async ({store, clock}: Options): Promise<string> => {
	const folder = await readSetting(store, 'downloads.dir');
	const {identities} = await refreshAccounts(store, {clock});
	const raw = fromText(folder);
	const owner = identities.find(({home, status}) => status !== 'inactive' && home !== '/' && (raw === home || raw.startsWith(`${home}/`)));

	if (owner !== undefined) {
		throw new UserError(`Downloads would lie in the home of ${toScreen(owner.name)}, who could read and replace them.`, {code: 'refused', hint: 'Choose a folder outside any home with "holdfast setting set downloads.dir".'});
	}

	try {
		await mkdir(folder, {recursive: true, mode: 0o700});
	} catch (error) {
		throw new UserError(`The folder for downloads ${folder} cannot be made: ${(error as Error).message}.`, {code: 'failed', hint: 'Choose another one with "holdfast setting set downloads.dir".', cause: error});
	}

	return folder;
};

export const packageFile = (folder: string, id: string, isEncrypted: boolean): string => join(folder, `${id}.tar.gz${isEncrypted ? '.gpg' : ''}`);

/** The file first: a download without one is told of, one without a record by nobody. */
export const removeDownload = async (store: Store, {id, path}: Pick<Download, 'id' | 'path'>): Promise<void> => {
	await rm(path, {force: true});
	await store.update('downloads', undefined, draft => {
		draft.downloads = draft.downloads.filter(download => download.id !== id);
	});
};

/** Removes those whose time is over. */
export const sweepDownloads = async ({store, clock, log}: Options & {readonly log: (text: string) => void}): Promise<void> => {
	const {downloads} = await store.read('downloads');
	const now = await readProvenTime({store, clock});

	for (const download of downloads) {
		if (!isExpired(download, now)) {
			continue;
		}

		try {
			await removeDownload(store, download);
			log(`Download ${download.id} of ${toScreen(download.account)} has expired and was removed.`);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code === undefined) {
				throw error;
			}

			log(`Download ${download.id} of ${toScreen(download.account)} has expired and could not be removed: ${(error as Error).message}`);
		}
	}
};

/** What a runner that died left of a package that was not finished. */
export const removeUnfinished = async (store: Store, id: string): Promise<void> => {
	const folder = await readSetting(store, 'downloads.dir');

	for (const isEncrypted of [false, true]) {
		const file = packageFile(folder, id, isEncrypted);
		await rm(file, {force: true});
		await rm(unfinishedName(file), {force: true});
	}
};
