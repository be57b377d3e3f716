import {Buffer} from 'node:buffer';
import {hash} from 'node:crypto';
import {appendFile, open, type FileHandle} from 'node:fs/promises';
import {replaceDisposable} from '../system/disposable-file.ts';

/** The digest of a key, and what its file of the state was, by its signature, when it was made. */
export type NewDigest<Digest> = {readonly key: string; readonly signature: string; readonly digest: Digest};

/** As it was read, or as it is once somebody asked for it. */
type Known<Digest> = {readonly signature: string; readonly line: Buffer | undefined; readonly digest: Digest | undefined};

export type DigestJournalOptions = {
	/** Another one where a digest means something else. */
	readonly version: number;
	/** Whether digests that were asked for stay in memory; else what was read of the file does. */
	readonly isRemembered: boolean;
};

/** Lines that newer ones replaced may be as many as those that hold, and so many more. */
const spareLines = 1000;
const proofLength = 16;
const [lineEnd, fieldEnd] = [0x0A, 0x09];

/**
A disposable file of digests: a line that says its version, then one for each digest that was made, the newest of a key the last: what proves the rest of the
line, the key, the signature, and the digest as JSON. Processes append to it and read what others appended. A line is understood when it is asked for; where
anything is wrong with it, the digest of its key is made again.
*/
export class DigestJournal<Digest> {
	readonly #path: string;
	readonly #header: string;
	readonly #isRemembered: boolean;
	readonly #known = new Map<string, Known<Digest>>();
	/** Up to where which file was read. */
	#read = {inode: 0, length: 0};
	#lineCount = 0;
	#refreshing: Promise<void> | undefined;
	#lastWrite: Promise<void> = Promise.resolve();

	constructor(path: string, {version, isRemembered}: DigestJournalOptions) {
		this.#path = path;
		this.#header = `${JSON.stringify({version})}\n`;
		this.#isRemembered = isRemembered;
	}

	async #refresh(): Promise<void> {
		try {
			await using file = await open(this.#path, 'r');
			await this.#readNews(file);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
				throw error;
			}

			this.#read = {inode: 0, length: 0};
		}
	}

	async #readNews(file: FileHandle): Promise<void> {
		const {ino, size} = await file.stat();
		const isSame = ino === this.#read.inode && size >= this.#read.length;
		const start = isSame ? this.#read.length : 0;
		const whole = Buffer.allocUnsafeSlow(size - start);
		const {bytesRead} = await file.read(whole, 0, whole.length, start);
		const bytes = whole.subarray(0, bytesRead);

		if (isSame) {
			this.#take(bytes, 0);
		} else {
			this.#takeWhole(bytes);
		}

		this.#read = this.#lineCount === 0 ? {inode: 0, length: 0} : {inode: ino, length: start + bytesRead};
	}

	/** A file of another version is none. */
	#takeWhole(bytes: Buffer): void {
		this.#lineCount = 0;

		if (bytes.toString('latin1', 0, this.#header.length) !== this.#header) {
			return;
		}

		this.#lineCount = 1;
		this.#take(bytes, this.#header.length);
	}

	#take(bytes: Buffer, from: number): void {
		let start = from;

		while (start < bytes.length) {
			const found = bytes.indexOf(lineEnd, start);
			const end = found === -1 ? bytes.length : found;

			if (end > start) {
				this.#lineCount++;
				this.#takeLine(bytes.subarray(start, end));
			}

			start = end + 1;
		}
	}

	#takeLine(line: Buffer): void {
		const keyEnd = line.indexOf(fieldEnd, proofLength + 1);
		const signatureEnd = line.indexOf(fieldEnd, keyEnd + 1);

		if (keyEnd !== -1 && signatureEnd !== -1) {
			this.#known.set(line.toString('latin1', proofLength + 1, keyEnd), {signature: line.toString('latin1', keyEnd + 1, signatureEnd), line, digest: undefined});
		}
	}

	#linesOf(keys: ReadonlySet<string>): readonly Uint8Array[] {
		for (const key of this.#known.keys()) {
			if (!keys.has(key)) {
				this.#known.delete(key);
			}
		}

		return [...this.#known].flatMap(([key, {signature, line, digest}]) => [line ?? formatLine({key, signature, digest}), Buffer.of(lineEnd)]);
	}

	async #rewrite(keys: ReadonlySet<string>): Promise<void> {
		await replaceDisposable(this.#path, Buffer.concat([Buffer.from(this.#header), ...this.#linesOf(keys)]));
		this.#read = {inode: 0, length: 0};
		this.#lineCount = 0;
	}

	async #write(news: ReadonlyArray<NewDigest<Digest>>, readKeys: () => Promise<readonly string[]>): Promise<void> {
		if (this.#read.length === 0 || this.#lineCount + news.length > (2 * this.#known.size) + spareLines) {
			await this.#rewrite(new Set(await readKeys()));
		} else {
			// Begins with the end of a line: what was cut off before it spoils nothing else.
			await appendFile(this.#path, Buffer.concat([Buffer.of(lineEnd), ...news.flatMap(each => [formatLine(each), Buffer.of(lineEnd)])]));
		}
	}

	/** Reads what is known now, also by others. */
	async refresh(): Promise<void> {
		this.#refreshing ??= this.#refresh();

		try {
			await this.#refreshing;
		} finally {
			this.#refreshing = undefined;
		}
	}

	/** Whether there is a digest of the file with this signature; what its line is worth shows when it is asked for. */
	has(key: string, signature: string): boolean {
		return this.#known.get(key)?.signature === signature;
	}

	/** The digest of the file with this signature. */
	find(key: string, signature: string): Digest | undefined {
		const known = this.#known.get(key);

		if (known?.signature !== signature || known.line === undefined) {
			return known?.signature === signature ? known.digest : undefined;
		}

		const digest = parseLine<Digest>(known.line);

		if (digest === undefined) {
			this.#known.delete(key);
		} else if (this.#isRemembered) {
			this.#known.set(key, {signature, line: undefined, digest});
		}

		return digest;
	}

	/** For this process alone. */
	keep(news: ReadonlyArray<NewDigest<Digest>>): void {
		for (const each of news) {
			const {key, signature, digest} = each;
			this.#known.set(key, this.#isRemembered ? {signature, line: undefined, digest} : {signature, line: formatLine(each), digest: undefined});
		}
	}

	/** Of all that is known only what `readKeys` gives stays where the file is made anew. */
	async add(news: ReadonlyArray<NewDigest<Digest>>, readKeys: () => Promise<readonly string[]>): Promise<void> {
		this.keep(news);
		const before = this.#lastWrite;
		const write = async (): Promise<void> => {
			await before;
			await this.#write(news, readKeys);
		};

		const written = write();
		// What fails for one fails for that one alone.
		this.#lastWrite = written.catch(() => undefined);
		await written;
	}
}

const prove = (bytes: Uint8Array): string => hash('sha256', bytes).slice(0, proofLength);

const formatLine = <Digest>({key, signature, digest}: NewDigest<Digest | undefined>): Buffer => {
	const content = Buffer.from(`${key}\t${signature}\t${JSON.stringify(digest)}`);

	return Buffer.concat([Buffer.from(`${prove(content)}\t`), content]);
};

/** `undefined` for half of a line, or one that somebody changed: it tells nothing. */
const parseLine = <Digest>(line: Buffer): Digest | undefined => {
	const content = line.subarray(proofLength + 1);

	if (prove(content) !== line.toString('latin1', 0, proofLength)) {
		return undefined;
	}

	const keyEnd = content.indexOf(fieldEnd);

	return JSON.parse(content.toString('utf8', content.indexOf(fieldEnd, keyEnd + 1) + 1)) as Digest;
};
