import {
	appendFile,
	mkdir,
	open,
	rename,
	writeFile,
	type FileHandle,
} from 'node:fs/promises';
import {dirname} from 'node:path';
import process from 'node:process';
import * as z from 'zod';

/** What a file of the state was, by its signature, when its digest was made. */
export type KnownDigest<Digest> = {readonly signature: string; readonly digest: Digest};

/** Lines that newer ones replaced may be as many as those that hold, and so many more. */
const spareLines = 1000;

/**
A disposable file of digests: a line that says its version, then one for each digest that was made, the newest of a key the last. Processes append to it and
read what others appended. Whatever is wrong with a line, the digest of its key is made again.
*/
export class DigestJournal<Digest> {
	readonly #path: string;
	readonly #header: string;
	readonly #entry: z.ZodType<readonly [string, string, Digest]>;
	readonly #known = new Map<string, KnownDigest<Digest>>();
	/** Up to where which file was read. */
	#read = {inode: 0, length: 0};
	#lineCount = 0;

	constructor(path: string, {version, schema}: {readonly version: number; readonly schema: z.ZodType<Digest>}) {
		this.#path = path;
		this.#header = JSON.stringify({version});
		this.#entry = z.tuple([z.string(), z.string(), schema]);
	}

	async #readNews(file: FileHandle): Promise<void> {
		const {ino, size} = await file.stat();
		const isSame = ino === this.#read.inode && size >= this.#read.length;
		const start = isSame ? this.#read.length : 0;
		const bytes = new Uint8Array(size - start);
		const {bytesRead} = await file.read(bytes, 0, bytes.length, start);
		const text = new TextDecoder().decode(bytes.subarray(0, bytesRead));

		if (isSame) {
			this.#take(text);
		} else {
			this.#takeWhole(text);
		}

		this.#read = this.#lineCount === 0 ? {inode: 0, length: 0} : {inode: ino, length: start + bytesRead};
	}

	/** A file of another version is none. */
	#takeWhole(text: string): void {
		this.#lineCount = 0;

		if (!text.startsWith(`${this.#header}\n`)) {
			return;
		}

		this.#lineCount = 1;
		this.#take(text.slice(this.#header.length));
	}

	#take(text: string): void {
		for (const line of text.split('\n')) {
			if (line === '') {
				continue;
			}

			this.#lineCount++;
			const entry = this.#parse(line);

			if (entry === undefined) {
				continue;
			}

			const [key, signature, digest] = entry;
			this.#known.set(key, {signature, digest});
		}
	}

	#parse(line: string): readonly [string, string, Digest] | undefined {
		try {
			return this.#entry.parse(JSON.parse(line));
		} catch {
			// Half of a line, or a line that somebody changed: it tells nothing.
			return undefined;
		}
	}

	async #rewrite(keys: ReadonlySet<string>): Promise<void> {
		for (const key of this.#known.keys()) {
			if (!keys.has(key)) {
				this.#known.delete(key);
			}
		}

		const temporary = `${this.#path}.${process.pid}`;
		await mkdir(dirname(this.#path), {recursive: true, mode: 0o700});
		await writeFile(temporary, `${this.#header}${formatLines([...this.#known])}`, {mode: 0o600});
		await rename(temporary, this.#path);
		this.#read = {inode: 0, length: 0};
		this.#lineCount = 0;
	}

	/** What is known now, also by others. */
	async refresh(): Promise<ReadonlyMap<string, KnownDigest<Digest>>> {
		try {
			await using file = await open(this.#path, 'r');
			await this.#readNews(file);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
				throw error;
			}

			this.#read = {inode: 0, length: 0};
		}

		return this.#known;
	}

	/** Of all that is known only `keys` stay where the file is made anew. */
	async add(entries: ReadonlyArray<readonly [string, KnownDigest<Digest>]>, keys: ReadonlySet<string>): Promise<void> {
		for (const [key, entry] of entries) {
			this.#known.set(key, entry);
		}

		if (this.#read.length === 0 || this.#lineCount + entries.length > (2 * this.#known.size) + spareLines) {
			await this.#rewrite(keys);
		} else {
			await appendFile(this.#path, formatLines(entries));
		}
	}
}

/** Begins with the end of a line: what was cut off before it spoils nothing else. */
const formatLines = <Digest>(entries: ReadonlyArray<readonly [string, KnownDigest<Digest>]>): string =>
	`\n${entries.map(([key, {signature, digest}]) => `${JSON.stringify([key, signature, digest])}\n`).join('')}`;
