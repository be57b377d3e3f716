/** Private folders in the state directory for what is on its way into a backup or out of one. */
import {mkdir, mkdtemp, rm} from 'node:fs/promises';
import {join} from 'node:path';
import process from 'node:process';
import {listNames} from './list-names.ts';

const stagingFolder = (directory: string): string => join(directory, 'staging');

export type Staging = {readonly folder: string; remove(): Promise<void>};

/** A new folder (0700), which whoever opened it removes. */
export const openStaging = async (directory: string): Promise<Staging> => {
	const parent = stagingFolder(directory);
	await mkdir(parent, {recursive: true, mode: 0o700});
	// The name says whose it is, so that the folder of a process that died can be told from one in use.
	const folder = await mkdtemp(join(parent, `${process.pid}-`));

	return {
		folder,
		async remove() {
			await rm(folder, {recursive: true, force: true});
		},
	};
};

/** Works with a new folder (0700) that is gone afterwards. */
export const withStaging = async <Result>(directory: string, work: (folder: string) => Promise<Result>): Promise<Result> => {
	const staging = await openStaging(directory);

	try {
		return await work(staging.folder);
	} finally {
		await staging.remove();
	}
};

/** Removes the folders of processes that died. */
export const sweepStaging = async (directory: string): Promise<void> => {
	for (const name of await listNames(stagingFolder(directory))) {
		if (!isAlive(Number(name.split('-', 1)[0]))) {
			await rm(join(stagingFolder(directory), name), {recursive: true, force: true});
		}
	}
};

/** This process has none when it sweeps. */
const isAlive = (pid: number): boolean => {
	if (pid === process.pid || !(pid > 0)) {
		return false;
	}

	try {
		process.kill(pid, 0);

		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
};
