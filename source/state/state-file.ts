import {
	closeSync,
	constants,
	existsSync,
	fstatSync,
	openSync,
	readFileSync,
	statSync,
	type BigIntStats,
} from 'node:fs';
import {
	link,
	mkdir,
	rename,
	rm,
} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import process from 'node:process';
import {UserError} from '../errors.ts';
import {syncFolder, writeDurably} from '../system/durable-file.ts';
import {StateDamage} from './state-damage.ts';

/** The newest copy is what the file held before its last change. */
const copyCount = 3;

export type FileContent = {
	readonly text: string;
	/** Changes whenever the file was replaced or written to. */
	readonly signature: string;
};

/** Whether the file is still the one that was read; `undefined`: there is none. Reading is synchronous: it takes microseconds, and a pool of threads makes them many. */
export const readSignature = (path: string): string | undefined => {
	try {
		const facts = statSync(path, {bigint: true, throwIfNoEntry: false});

		return facts && signatureOf(facts);
	} catch (error) {
		throw unreadable(path, error);
	}
};

/**
Reads the file whole.
@returns `undefined` when neither the file nor a copy of it exists.
@throws StateDamage when only copies are left, UserError `refused` when it is somebody else's.
*/
export const readStateFile = (path: string): FileContent | undefined => {
	const content = readIfPresent(path);

	if (content !== undefined || existingCopies(path).length === 0) {
		return content;
	}

	// It may have been made, and changed, since the first look.
	const second = readIfPresent(path);

	if (second === undefined) {
		throw new StateDamage('is missing, though copies of it exist');
	}

	return second;
};

/** Replaces the file durably and keeps what it held as the newest copy. With `isCopiedAtOnce` a new file has a copy from the beginning. */
export const writeStateFile = async (path: string, text: string, {isCopiedAtOnce = false}: {readonly isCopiedAtOnce?: boolean} = {}): Promise<void> => {
	const copies = copyFolder(path);
	const isFirst = isCopiedAtOnce && !existsSync(path);

	try {
		await mkdir(copies, {recursive: true, mode: 0o700});
		await writeDurably(path, text, {mode: 0o600, beforeRename: async () => keepCopy(path)});

		if (isFirst) {
			await writeDurably(copyPaths(path)[0]!, text, {mode: 0o600});
		}

		await syncFolder(copies);
	} catch (error) {
		throw new UserError(`The state file ${path} could not be written: ${(error as Error).message}.`, {
			code: 'failed',
			hint: 'Nothing was changed. Make room on that file system or mend its permissions, then try again.',
			cause: error,
		});
	}
};

/** Takes the file away, and first its copies: without the file they would tell of a loss. */
export const removeStateFile = async (path: string): Promise<void> => {
	for (const copy of existingCopies(path)) {
		await rm(copy, {force: true});
	}

	await rm(path, {force: true});
	await syncFolder(dirname(path));
};

/** Paths of the copies that exist, the newest first. */
export const existingCopies = (path: string): readonly string[] => copyPaths(path).filter(copy => existsSync(copy));

const readIfPresent = (path: string): FileContent | undefined => {
	let descriptor: number;

	try {
		descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return undefined;
		}

		throw unreadable(path, error);
	}

	try {
		const facts = fstatSync(descriptor, {bigint: true});
		checkOwner(path, facts);

		return {text: readContent(descriptor, path), signature: signatureOf(facts)};
	} finally {
		closeSync(descriptor);
	}
};

const readContent = (descriptor: number, path: string): string => {
	try {
		return readFileSync(descriptor, 'utf8');
	} catch (error) {
		throw unreadable(path, error);
	}
};

const copyFolder = (path: string): string => join(dirname(path), '.bak');

const copyPaths = (path: string): readonly string[] =>
	Array.from({length: copyCount}, (_, index) => join(copyFolder(path), `${basename(path)}.${index + 1}`));

const keepCopy = async (path: string): Promise<void> => {
	const paths = copyPaths(path);

	for (let index = paths.length - 1; index > 0; index--) {
		await ignoreMissing(rename(paths[index - 1]!, paths[index]!));
	}

	await rm(paths[0]!, {force: true});
	await ignoreMissing(link(path, paths[0]!));
};

const ignoreMissing = async (promise: Promise<void>): Promise<void> => {
	try {
		await promise;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
			throw error;
		}
	}
};

const signatureOf = ({ino, mtimeNs, ctimeNs, size}: BigIntStats): string => `${ino} ${mtimeNs} ${ctimeNs} ${size}`;

const checkOwner = (path: string, facts: BigIntStats): void => {
	if (!facts.isFile()) {
		throw new StateDamage('is not a regular file');
	}

	if (Number(facts.uid) !== process.geteuid!()) {
		throw new UserError(`The state file ${path} belongs to user id ${facts.uid}, not to you.`, {
			code: 'refused',
			hint: `Nothing was changed. Look at what it holds, then give it back with "chown ${process.geteuid!()} '${path}'".`,
		});
	}
};

const unreadable = (path: string, error: unknown): UserError => new UserError(`The state file ${path} cannot be read: ${(error as Error).message}.`, {
	code: 'damaged',
	hint: 'Nothing was changed. Mend its permissions or the disk below it, then try again.',
	cause: error,
});
