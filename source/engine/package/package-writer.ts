/** Writes the archive that a package is: entries one after another, as gzip members of about a mebibyte. */
import {Buffer} from 'node:buffer';
import {isLikelyPacked} from '../segments/entropy.ts';
import {zeros} from '../tar/section-hash.ts';
import {roomFor, writeMember} from '../tar/gzip-members.ts';
import {paddingOf, type TarEntry} from '../tar/tar-entry.ts';
import {encodeEntry, endOfArchive} from '../tar/tar-header.ts';
import type {PackageSink} from './package-sink.ts';

/** No member holds more: whoever reads a package may refuse one that says it does. */
export const memberLimit = 1 << 20;

export class PackageWriter {
	readonly #sink: PackageSink;
	readonly #plain = Buffer.allocUnsafe(memberLimit);
	#filled = 0;
	/** One is filled while the other is written. */
	readonly #members = [Buffer.allocUnsafe(roomFor(memberLimit)), Buffer.allocUnsafe(roomFor(memberLimit))] as const;
	#turn: 0 | 1 = 0;
	#writing: Promise<void> = Promise.resolve();

	constructor(sink: PackageSink) {
		this.#sink = sink;
	}

	/** Ends the member. */
	async flush(): Promise<void> {
		if (this.#filled === 0) {
			return;
		}

		const plain = this.#plain.subarray(0, this.#filled);
		const member = this.#members[this.#turn];
		const end = writeMember(member, 0, {plain, isPacked: isLikelyPacked(plain)});
		await this.#writing;
		this.#writing = this.#sink.append(member.subarray(0, end));
		this.#writing.catch(() => undefined);
		this.#turn = this.#turn === 0 ? 1 : 0;
		this.#filled = 0;
	}

	async write(bytes: Uint8Array): Promise<void> {
		for (let start = 0; start < bytes.length;) {
			const part = bytes.subarray(start, start + memberLimit - this.#filled);
			this.#plain.set(part, this.#filled);
			this.#filled += part.length;
			start += part.length;

			if (this.#filled === memberLimit) {
				await this.flush();
			}
		}
	}

	async writeZeros(length: number): Promise<void> {
		for (let left = length; left > 0; left -= zeros.length) {
			await this.write(zeros.subarray(0, Math.min(left, zeros.length)));
		}
	}

	/** What comes before an entry's content; `pad` comes after it. */
	async begin(entry: TarEntry): Promise<void> {
		await this.write(encodeEntry(entry));
	}

	async pad({sizeBytes}: Pick<TarEntry, 'sizeBytes'>): Promise<void> {
		await this.write(zeros.subarray(0, paddingOf(sizeBytes)));
	}

	async finish(): Promise<{readonly sizeBytes: number; readonly sha256: string}> {
		await this.write(endOfArchive);
		await this.flush();
		await this.#writing;

		return this.#sink.finish();
	}
}
