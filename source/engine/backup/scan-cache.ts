/**
What the last scan saw of this host: inode, size, and change times of each entry, page by page beside its catalog. Disposable: a cache that is missing, damaged
or of another backup only means that every file is read again.
*/
import type {Buffer} from 'node:buffer';
import {hash} from 'node:crypto';
import {
	closeSync,
	mkdirSync,
	openSync,
	readFileSync,
	renameSync,
	rmSync,
	unlinkSync,
	writeSync,
} from 'node:fs';
import path from 'node:path';
import {ByteReader, ByteWriter} from '../base/bytes.ts';

/** Inode, size, times of modification and change in milliseconds, and the short form of the group of hard links (0: none). */
export const fieldsPerRow = 5;
const rowLength = fieldsPerRow * 8;
const magic = 'HFSCAN03';
const checksumLength = 16;
const flushAt = 1 << 20;

export type ScanFacts = {readonly backupId: string; readonly startedNs: bigint};

const cachePath = (folder: string, name: string): string => path.join(folder, `${name}.scan`);

/** Removes the cache if it is of this backup. */
export const dropScanCache = (folder: string, name: string, backupId: string): void => {
	if (ScanCache.open(folder, name, backupId)) {
		rmSync(cachePath(folder, name), {force: true});
	}
};

/** Rows of a finished scan, read page by page in order. */
export class ScanCache {
	/**
	Opens the cache of the scan that made a backup.
	@returns `undefined` where there is no intact cache of that backup.
	*/
	static open(folder: string, name: string, backupId: string): ScanCache | undefined {
		try {
			const bytes = readFileSync(cachePath(folder, name));
			const reader = new ByteReader(bytes);

			if (reader.raw(magic.length) !== magic || reader.text() !== backupId) {
				return undefined;
			}

			const startedNs = reader.i64();
			const header = bytes.subarray(0, reader.offset);

			return checksum(header).equals(reader.bytes(checksumLength)) ? new ScanCache(reader, {backupId, startedNs}) : undefined;
		} catch {
			// Disposable by design: whatever is wrong with it, the scan reads everything instead.
			return undefined;
		}
	}

	readonly #reader: ByteReader;
	readonly facts: ScanFacts;

	private constructor(reader: ByteReader, facts: ScanFacts) {
		this.#reader = reader;
		this.facts = facts;
	}

	/** The rows of the next page, or `undefined` when they do not fit the page or are damaged; then nothing that follows is read either. */
	nextPage(entryCount: number): Float64Array | undefined {
		if (this.#reader.remaining < 4 + (entryCount * rowLength) + checksumLength || this.#reader.u32() !== entryCount) {
			return undefined;
		}

		const bytes = this.#reader.bytes(entryCount * rowLength);
		const expected = this.#reader.bytes(checksumLength);

		if (!checksum(bytes).equals(expected)) {
			return undefined;
		}

		const rows = new Float64Array(entryCount * fieldsPerRow);
		new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength).set(bytes);
		return rows;
	}
}

/** Writes the cache of a running scan beside its final name; `commit` puts it there. */
export class ScanCacheWriter {
	readonly #folder: string;
	readonly #name: string;
	readonly #temporaryPath: string;
	readonly #fd: number;
	readonly #buffer = new ByteWriter();

	constructor(folder: string, name: string, facts: ScanFacts) {
		mkdirSync(folder, {recursive: true, mode: 0o700});
		this.#folder = folder;
		this.#name = name;
		this.#temporaryPath = `${cachePath(folder, name)}.${facts.backupId}`;
		this.#fd = openSync(this.#temporaryPath, 'w', 0o600);
		this.#buffer.raw(magic).text(facts.backupId).i64(facts.startedNs);
		this.#buffer.bytes(checksum(this.#buffer.view()));
	}

	#flush(): void {
		const bytes = this.#buffer.view();

		for (let done = 0; done < bytes.length;) {
			done += writeSync(this.#fd, bytes, done);
		}

		this.#buffer.clear();
	}

	addPage(rows: Float64Array): void {
		const bytes = new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength);
		this.#buffer.u32(rows.length / fieldsPerRow).bytes(bytes).bytes(checksum(bytes));

		if (this.#buffer.length >= flushAt) {
			this.#flush();
		}
	}

	commit(): void {
		this.#flush();
		closeSync(this.#fd);
		renameSync(this.#temporaryPath, cachePath(this.#folder, this.#name));
	}

	abort(): void {
		closeSync(this.#fd);
		unlinkSync(this.#temporaryPath);
	}
}

const checksum = (bytes: Uint8Array): Buffer => hash('sha256', bytes, 'buffer').subarray(0, checksumLength);
