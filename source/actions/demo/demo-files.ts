import {Buffer} from 'node:buffer';
import {createHash} from 'node:crypto';
import {
	chown,
	link,
	lutimes,
	mkdir,
	open,
	symlink,
	writeFile,
} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import process from 'node:process';
import {fromText, toBytes} from '../../domain/raw-name.ts';
import type {DemoAccount} from './demo-accounts.ts';

export type DemoFile = {
	/** Relative to the home, as text. */
	readonly path: string;
	readonly content: string | Uint8Array;
	readonly mode?: number;
};

/** Writes into the homes of the sandbox, with owners where that is possible, and with times of the past. */
export class HomeWriter {
	readonly #home: string;
	readonly #uid: number;

	constructor(home: string, {uid}: Pick<DemoAccount, 'uid'>) {
		this.#home = home;
		this.#uid = uid;
	}

	async #makeFolder(path: string, modifiedAt: Date): Promise<void> {
		const made = await mkdir(this.#at(path), {recursive: true, mode: 0o755});

		if (made !== undefined) {
			await this.#finish(path, modifiedAt);
		}
	}

	/** Without root, all belongs to whoever looks at the demo. */
	async #finish(path: string, modifiedAt: Date): Promise<void> {
		if (process.geteuid!() === 0) {
			await chown(this.#at(path), this.#uid, this.#uid);
		}

		await lutimes(this.#at(path), modifiedAt, modifiedAt);
	}

	#at(path: string): Buffer {
		const raw = fromText(join(this.#home, path));

		return Buffer.from(toBytes(raw));
	}

	async write(files: readonly DemoFile[], modifiedAt: Date): Promise<void> {
		for (const {path, content, mode = 0o644} of files) {
			await this.#makeFolder(dirname(path), modifiedAt);
			await writeFile(this.#at(path), content, {mode});
			await this.#finish(path, modifiedAt);
		}
	}

	async link(path: string, target: string, modifiedAt: Date): Promise<void> {
		await symlink(target, this.#at(path));
		await lutimes(this.#at(path), modifiedAt, modifiedAt);
	}

	async hardLink(path: string, existing: string): Promise<void> {
		await link(this.#at(existing), this.#at(path));
	}

	/** A file with a hole in the middle. */
	async writeSparse(path: string, sizeInBytes: number, modifiedAt: Date): Promise<void> {
		await this.#makeFolder(dirname(path), modifiedAt);
		await using file = await open(this.#at(path), 'w', 0o600);
		await file.write('begin');
		await file.write('end', sizeInBytes - 3);
		await this.#finish(path, modifiedAt);
	}
}

/** Bytes that look random and are the same each time: for pictures, which do not compress. */
export const noise = (seed: string, length: number): Uint8Array => {
	const chunks: Uint8Array[] = [];

	for (let index = 0; index * 32 < length; index++) {
		chunks.push(createHash('sha256').update(`${seed} ${index}`).digest());
	}

	return Buffer.concat(chunks).subarray(0, length);
};
