/** What terminating an account has changed so far, on disk before it is changed: whoever finds it after a crash can undo it. */
import {
	mkdir,
	readdir,
	readFile,
	rm,
} from 'node:fs/promises';
import {join} from 'node:path';
import * as z from 'zod';
import {syncFolder, writeDurably} from '../../../system/durable-file.ts';

const journal = z.strictObject({
	version: z.literal(1),
	task: z.string(),
	accountUuid: z.string(),
	uid: z.int(),
	/** Raw. */
	home: z.string(),
	/** Decimal. */
	homeInode: z.string(),
	/** `locked`: the home is as it was. `settingAside`: things move out of the home or back, and nothing was restored. `restoring`: what is in the home is restored, but for what was kept. `verified`: it is restored whole. */
	stage: z.enum(['locked', 'settingAside', 'restoring', 'verified']),
	/** Paths that stay in the home: what the backup could not hold. */
	kept: z.array(z.string()),
	/** Of the home itself, as it was. */
	root: z.strictObject({
		mode: z.int(), uid: z.int(), gid: z.int(), modifiedNs: z.string(),
	}),
	/** Raw: the line that shadow gets when all is over; `null`: it has none. */
	shadow: z.string().nullable(),
	isSuspending: z.boolean(),
});

export type Journal = z.infer<typeof journal>;

const folderOf = (stateDirectory: string): string => join(stateDirectory, 'terminations');
const pathOf = (stateDirectory: string, task: string): string => join(folderOf(stateDirectory), `${task}.json`);

export const writeJournal = async (stateDirectory: string, entry: Journal): Promise<void> => {
	await mkdir(folderOf(stateDirectory), {recursive: true, mode: 0o700});
	await writeDurably(pathOf(stateDirectory, entry.task), `${JSON.stringify(entry)}\n`, {mode: 0o600});
};

export const removeJournal = async (stateDirectory: string, task: string): Promise<void> => {
	await rm(pathOf(stateDirectory, task), {force: true});
	await syncFolder(folderOf(stateDirectory));
};

/** What was not brought to its end. */
export const readJournals = async (stateDirectory: string): Promise<readonly Journal[]> => {
	const names = await listNames(folderOf(stateDirectory));

	return Promise.all(names.filter(name => /^[\da-z]{16}\.json$/v.test(name)).map(async name => readJournal(join(folderOf(stateDirectory), name))));
};

const readJournal = async (path: string): Promise<Journal> => {
	const text = await readFile(path, 'utf8');

	return journal.parse(JSON.parse(text));
};

const listNames = async (folder: string): Promise<readonly string[]> => {
	try {
		return await readdir(folder);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return [];
		}

		throw error;
	}
};
