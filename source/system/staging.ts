/** Private folders in the state directory for what is on its way into a backup or out of one. */
import {mkdir, mkdtemp, rm} from 'node:fs/promises';
import {join} from 'node:path';
import process from 'node:process';
import {listNames} from './list-names.ts';

const stagingFolder = (stateDirectory: string): string => join(stateDirectory, 'staging');

/** Works with a new folder (0700) that is gone afterwards. */
export const withStaging = async <Result>(stateDirectory: string, work: (folder: string) => Promise<Result>): Promise<Result> => {
	const parent = stagingFolder(stateDirectory);
	await mkdir(parent, {recursive: true, mode: 0o700});
	// The name says whose it is, so that the folder of a process that died can be told from one in use.
	const folder = await mkdtemp(join(parent, `${process.pid}-`));

	try {
		return await work(folder);
	} finally {
		await rm(folder, {recursive: true, force: true});
	}
};

/** Removes the folders of processes that died. */
export const sweepStaging = async (stateDirectory: string): Promise<void> => {
	for (const name of await listNames(stagingFolder(stateDirectory))) {
		if (!isAlive(Number(name.split('-', 1)[0]))) {
			await rm(join(stagingFolder(stateDirectory), name), {recursive: true, force: true});
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
