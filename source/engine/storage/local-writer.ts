import {
	closeSync,
	constants,
	fdatasync,
	fsyncSync,
	ftruncateSync,
	linkSync,
	mkdirSync,
	openSync,
	unlinkSync,
	write,
	writevSync,
} from 'node:fs';
import path from 'node:path';
import {promisify} from 'node:util';
import {type ObjectWriter, orStorageError, StorageError} from './storage.ts';

const flushData = promisify(fdatasync);
const writeLater = promisify(write);

export type LocalWriterOptions = {
	readonly temporaryPath: string;
	readonly finalPath: string;
	/** Makes the folder of the final path. */
	readonly prepare: () => void;
};

/** Writes one object beside its name, makes it durable, and links it to its name. */
export class LocalWriter implements ObjectWriter {
	readonly #options: LocalWriterOptions;
	readonly #fd: number;
	#length = 0;
	#isOpen = true;

	constructor(options: LocalWriterOptions) {
		this.#options = options;
		this.#fd = openSync(options.temporaryPath, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
	}

	#writeAll(parts: readonly Uint8Array[]): void {
		let rest = parts;

		while (rest.length > 0) {
			const written = writevSync(this.#fd, rest, this.#length);
			this.#length += written;
			rest = without(rest, written);
		}
	}

	get length(): number {
		return this.#length;
	}

	write(...parts: readonly Uint8Array[]): void {
		orStorageError(() => {
			this.#writeAll(parts);
		});
	}

	async append(bytes: Uint8Array): Promise<void> {
		try {
			for (let done = 0; done < bytes.length;) {
				const {bytesWritten} = await writeLater(this.#fd, bytes, done, bytes.length - done, this.#length);
				this.#length += bytesWritten;
				done += bytesWritten;
			}
		} catch (error) {
			throw new StorageError(error);
		}
	}

	skip(length: number): void {
		orStorageError(() => {
			ftruncateSync(this.#fd, this.#length + length);
		});
		this.#length += length;
	}

	rewind(length: number): void {
		orStorageError(() => {
			ftruncateSync(this.#fd, length);
		});
		this.#length = length;
	}

	async commit(): Promise<void> {
		try {
			this.#options.prepare();
			await flushData(this.#fd);
			linkSync(this.#options.temporaryPath, this.#options.finalPath);
			syncFolder(path.dirname(this.#options.finalPath));
		} catch (error) {
			throw new StorageError(error);
		} finally {
			this.abort();
		}
	}

	abort(): void {
		if (!this.#isOpen) {
			return;
		}

		this.#isOpen = false;
		closeSync(this.#fd);
		unlinkSync(this.#options.temporaryPath);
	}
}

/** What is left of `parts` behind their first `count` bytes. */
const without = (parts: readonly Uint8Array[], count: number): Uint8Array[] => {
	const rest: Uint8Array[] = [];
	let skip = count;

	for (const part of parts) {
		if (skip < part.length) {
			rest.push(part.subarray(skip));
		}

		skip = Math.max(0, skip - part.length);
	}

	return rest;
};

/** Makes a folder, and those above it, that a power cut does not take away again with what is made durable in it. */
export const makeDurableFolder = (folder: string): void => {
	const first = mkdirSync(folder, {recursive: true, mode: 0o700});

	if (first === undefined) {
		return;
	}

	for (let made = folder; made.length >= first.length; made = path.dirname(made)) {
		syncFolder(path.dirname(made));
	}
};

/** Makes what was created in a folder durable. */
export const syncFolder = (folder: string): void => {
	const fd = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);

	try {
		fsyncSync(fd);
	} finally {
		closeSync(fd);
	}
};
