import {Buffer} from 'node:buffer';
import {randomBytes} from 'node:crypto';
import {
	closeSync,
	constants,
	fstatSync,
	linkSync,
	openSync,
	readdirSync,
	readSync,
	rmdirSync,
	statfsSync,
	statSync,
	unlinkSync,
} from 'node:fs';
import path from 'node:path';
import {FormatError} from '../base/bytes.ts';
import {archivesFolder} from './archive-name.ts';
import {LocalWriter, makeDurableFolder, syncFolder} from './local-writer.ts';
import {
	type ObjectWriter,
	orStorageError,
	type Storage,
	type StoredObject,
} from './storage.ts';

const temporaryFolder = 'unfinished';
const maxOpenObjects = 32;

/** A vault in a local folder. Objects are written under `unfinished/`, made durable there, then linked to their name. */
export class LocalStorage implements Storage {
	readonly #folder: string;
	/** Objects being read, newest last; they never change, so a descriptor stays good. */
	readonly #open = new Map<string, number>();
	readonly #madeFolders = new Set<string>();

	constructor(folder: string) {
		this.#folder = folder;
	}

	#create(name: string): ObjectWriter {
		this.#makeFolder(temporaryFolder);

		return new LocalWriter({
			temporaryPath: path.join(this.#folder, temporaryFolder, randomBytes(12).toString('hex')),
			finalPath: path.join(this.#folder, name),
			prepare: () => {
				this.#makeFolder(path.dirname(name));
			},
		});
	}

	#descriptor(name: string): number {
		const known = this.#open.get(name);

		if (known !== undefined) {
			return known;
		}

		const oldest = this.#open.size >= maxOpenObjects ? this.#open.keys().next().value : undefined;

		if (oldest !== undefined) {
			this.#forget(oldest);
		}

		const fd = openSync(path.join(this.#folder, name), constants.O_RDONLY | constants.O_NOFOLLOW);
		this.#open.set(name, fd);
		return fd;
	}

	#forget(name: string): void {
		const fd = this.#open.get(name);

		if (fd === undefined) {
			return;
		}

		this.#open.delete(name);
		closeSync(fd);
	}

	/** Makes a folder and those above it durable, once. */
	#makeFolder(folder: string): void {
		if (this.#madeFolders.has(folder)) {
			return;
		}

		makeDurableFolder(path.join(this.#folder, folder));

		this.#madeFolders.add(folder);
	}

	/** The folder of a backup's archives goes with the last of them; folders that others write into stay. */
	#removeEmptied(folder: string): void {
		if (!folder.startsWith(`${archivesFolder}/`)) {
			return;
		}

		try {
			rmdirSync(path.join(this.#folder, folder));
			this.#madeFolders.delete(folder);
		} catch (error) {
			if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) {
				throw error;
			}
		}
	}

	create(name: string): ObjectWriter {
		return orStorageError(() => this.#create(name));
	}

	readRange(name: string, offset: number, length: number): Buffer {
		return readExactly(this.#descriptor(name), {name, offset, length});
	}

	read(name: string): Buffer {
		const fd = this.#descriptor(name);

		return readExactly(fd, {name, offset: 0, length: fstatSync(fd).size});
	}

	size(name: string): number | undefined {
		return statSync(path.join(this.#folder, name), {throwIfNoEntry: false})?.size;
	}

	list(folder: string): StoredObject[] {
		const found: StoredObject[] = [];

		for (const entry of readFolder(path.join(this.#folder, folder))) {
			const name = `${folder}/${entry.name}`;

			if (entry.isDirectory()) {
				found.push(...this.list(name));
				continue;
			}

			const size = this.size(name);

			// Gone between listing and asking: a reader beside a cleanup.
			if (size !== undefined) {
				found.push({name, size});
			}
		}

		return found;
	}

	link(name: string, second: string): void {
		orStorageError(() => {
			this.#makeFolder(path.dirname(second));

			try {
				linkSync(path.join(this.#folder, name), path.join(this.#folder, second));
			} catch (error) {
				if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
					throw error;
				}
			}

			syncFolder(path.dirname(path.join(this.#folder, second)));
		});
	}

	delete(name: string): boolean {
		this.#forget(name);

		try {
			unlinkSync(path.join(this.#folder, name));
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
				return false;
			}

			throw error;
		}

		syncFolder(path.dirname(path.join(this.#folder, name)));
		this.#removeEmptied(path.dirname(name));
		return true;
	}

	sweep(): number {
		const leftovers = readFolder(path.join(this.#folder, temporaryFolder));

		for (const {name} of leftovers) {
			unlinkSync(path.join(this.#folder, temporaryFolder, name));
		}

		return leftovers.length;
	}

	freeBytes(): number {
		const {bavail, bsize} = statfsSync(this.#folder);

		return bavail * bsize;
	}

	close(): void {
		for (const fd of this.#open.values()) {
			closeSync(fd);
		}

		this.#open.clear();
	}
}

type Range = {readonly name: string; readonly offset: number; readonly length: number};

const readExactly = (fd: number, {name, offset, length}: Range): Buffer => {
	const bytes = Buffer.allocUnsafeSlow(length);
	let done = 0;

	while (done < length) {
		const count = readSync(fd, bytes, done, length - done, offset + done);

		if (count === 0) {
			throw new FormatError(`${name} ends after ${offset + done} bytes where ${offset + length} were expected`);
		}

		done += count;
	}

	return bytes;
};

const readFolder = (folder: string) => {
	try {
		return readdirSync(folder, {withFileTypes: true});
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return [];
		}

		throw error;
	}
};
