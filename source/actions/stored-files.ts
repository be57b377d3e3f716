import type {Entry} from '../domain/entry.ts';
import {toScreen, type RawPath} from '../domain/raw-name.ts';
import {isOnTheWay, isWithin, type TreeReach} from '../domain/tree-reach.ts';
import type {StoredEntry} from '../engine/catalog/catalog-page.ts';
import type {Manifest} from '../engine/catalog/manifest.ts';
import type {Vault} from '../engine/vault/vault.ts';
import {UserError} from '../errors.ts';

/**
The home in a backup, as far as somebody may have it. Folders on the way to what is within are there by name only; the rest is not there.
*/
export class StoredFiles {
	readonly #vault: Vault;
	readonly #manifest: Manifest;
	readonly #reach: TreeReach;

	constructor(vault: Vault, manifest: Manifest, reach: TreeReach) {
		this.#vault = vault;
		this.#manifest = manifest;
		this.#reach = reach;
	}

	#see(entry: Entry): Entry | undefined {
		if (isWithin(this.#reach, entry.path)) {
			return entry;
		}

		return entry.type === 'directory' && isOnTheWay(this.#reach, entry.path) ? nameOnly(entry) : undefined;
	}

	/**
	Refuses a path outside the rights, whether or not there is something.
	@throws UserError `refused`
	*/
	requireWithin(path: RawPath): void {
		if (!isWithin(this.#reach, path) && !isOnTheWay(this.#reach, path)) {
			throw notWithin(path);
		}
	}

	/** Throws as `requireWithin`. */
	find(path: RawPath): Entry | undefined {
		this.requireWithin(path);
		const entry = this.#vault.findEntry(this.#manifest, path);

		return entry && this.#see(entry);
	}

	/** The entries of one folder, by name. */
	list(folder: RawPath): readonly Entry[] {
		return this.#vault.listFolder(this.#manifest, folder).flatMap(entry => this.#see(entry) ?? []);
	}

	/**
	Goes through the entry at `path` and all below it.
	@yields entries in catalog order
	*/
	* walk(path: RawPath): Generator<Entry> {
		for (const entry of this.#vault.walkListed(this.#manifest, path)) {
			const seen = this.#see(entry);

			if (seen !== undefined) {
				yield seen;
			}
		}
	}

	/**
	The content of a regular file. Throws as `requireWithin`.
	@yields pieces of it, each checked
	*/
	async * read(path: RawPath): AsyncGenerator<Uint8Array> {
		if (!isWithin(this.#reach, path)) {
			throw notWithin(path);
		}

		const entry: StoredEntry = this.#vault.findEntry(this.#manifest, path)!;
		yield * this.#vault.readContent(this.#manifest, entry);
	}
}

/** What is said of anything outside the rights, there or not. */
export const notWithin = (path: RawPath): UserError => new UserError(`"${toScreen(path)}" is outside your restoration rights.`, {
	code: 'refused',
	hint: 'See what is within them with "holdfast backup files", or ask an administrator of this server.',
});

const nameOnly = ({path, name, type}: Entry): Entry => ({
	path, name, type, sizeBytes: 0, mode: 0, uid: 0, gid: 0, modifiedNs: 0n, linkTarget: null, isNameOnly: true,
});
