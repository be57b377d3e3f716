/**
Copies of a vault's catalog segments on this server, in the clear, for vaults whose content takes a private key that is not here: runs compare with them, cleanup learns from them what is needed. Disposable: without them
everything is read anew, and nothing is freed until the backups they belonged to are gone.
*/
import {Buffer} from 'node:buffer';
import {
	mkdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {listNamesNow} from '../../system/list-names.ts';
import {digestOf} from '../base/digest.ts';

export class SegmentCopies {
	readonly #folder: string;
	/** Hexadecimal digests, as listed when first asked. */
	#names: Set<string> | undefined;

	/** `folder` need not be there. */
	constructor(folder: string) {
		this.#folder = folder;
	}

	#known(): Set<string> {
		this.#names ??= new Set(listNamesNow(this.#folder).filter(name => /^[\da-f]{64}$/v.test(name)));

		return this.#names;
	}

	/** One that is cut short or changed makes room for a good one. */
	#forget(name: string): void {
		rmSync(join(this.#folder, name), {force: true});
		this.#known().delete(name);
	}

	/** `undefined` where there is none, or one that is not what it was. */
	read(digest: Uint8Array): Buffer | undefined {
		const name = Buffer.from(digest).toString('hex');

		if (!this.#known().has(name)) {
			return undefined;
		}

		try {
			const bytes = readFileSync(join(this.#folder, name));

			if (digestOf(bytes).equals(digest)) {
				return bytes;
			}

			this.#forget(name);

			return undefined;
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
				return undefined;
			}

			throw error;
		}
	}

	/** Not made durable: one that is cut short is taken for none. */
	put(digest: Uint8Array, bytes: Uint8Array): void {
		const name = Buffer.from(digest).toString('hex');

		if (this.#known().has(name) && statSync(join(this.#folder, name), {throwIfNoEntry: false})?.size === bytes.length) {
			return;
		}

		mkdirSync(this.#folder, {recursive: true, mode: 0o700});
		const temporary = join(this.#folder, `${name}.unfinished`);
		writeFileSync(temporary, bytes, {mode: 0o600});
		renameSync(temporary, join(this.#folder, name));
		this.#known().add(name);
	}

	/** Removes all but those that are still needed. */
	keepOnly(isNeeded: (digest: Buffer) => boolean): void {
		for (const name of listNamesNow(this.#folder)) {
			if (!/^[\da-f]{64}$/v.test(name) || !isNeeded(Buffer.from(name, 'hex'))) {
				rmSync(join(this.#folder, name), {force: true});
			}
		}

		this.#names = undefined;
	}
}
