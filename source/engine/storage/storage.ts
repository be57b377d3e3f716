/**
Where a vault's objects lie. Every object is created once and never changed. Nothing else in the engine knows a path of the repository. Calls block:
they are made in engine threads, and blocks are large enough that waiting there costs nothing.
*/
import type {Buffer} from 'node:buffer';

/** Writing to the vault failed. It is never mistaken for a failure to read what is being backed up. */
export class StorageError extends Error {
	override readonly name = 'StorageError';
	/** The system's code, such as `ENOSPC`. */
	readonly systemCode: string | undefined;

	constructor(cause: unknown) {
		super((cause as Error).message, {cause});
		this.systemCode = (cause as NodeJS.ErrnoException).code;
	}
}

export type ObjectWriter = {
	/** The bytes written so far. */
	readonly length: number;
	write(...parts: readonly Uint8Array[]): void;
	/** As `write`, without holding up the thread; nothing else is written until it resolves, and the bytes stay as they are. */
	append(bytes: Uint8Array): Promise<void>;
	/** As `append` of as many zeros, which need not take room. */
	skip(length: number): void;
	/** Takes back what was written beyond `length`. */
	rewind(length: number): void;
	/**
	Resolves when the object is durable under its name.
	@throws when the name exists.
	*/
	commit(): Promise<void>;
	/** Leaves nothing behind. */
	abort(): void;
};

export type StoredObject = {readonly name: string; readonly size: number};

export type Storage = {
	/** Names are relative, with `/`: `packs/3f/3f2a…`. */
	create(name: string): ObjectWriter;
	/** @throws ENOENT where there is no such object; a `FormatError` when it is shorter than asked for. */
	readRange(name: string, offset: number, length: number): Buffer;
	read(name: string): Buffer;
	/** Of an object; `undefined` where there is none. */
	size(name: string): number | undefined;
	/** All objects below a folder, in no order; an absent folder has none. */
	list(folder: string): StoredObject[];
	/** Gives an object a second name, durably; where that exists it stays as it is. */
	link(name: string, second: string): void;
	/** @returns false when it was gone already. */
	delete(name: string): boolean;
	/**
	Removes what killed writers left behind; only under the writer's lock.
	@returns how many were removed.
	*/
	sweep(): number;
	freeBytes(): number;
	close(): void;
};

/** Calls anything that fails in `work` a failure of the vault's storage. */
export const orStorageError = <Result>(work: () => Result): Result => {
	try {
		return work();
	} catch (error) {
		throw new StorageError(error);
	}
};

/** Creates an object at once; when that fails, nothing of it is left. */
export const putObject = async (storage: Storage, name: string, bytes: Uint8Array): Promise<void> => {
	const writer = storage.create(name);

	try {
		writer.write(bytes);
		await writer.commit();
	} catch (error) {
		writer.abort();
		throw error;
	}
};
