import type {RawPath} from '../../domain/raw-name.ts';
import {compareFolders, folderOf} from '../catalog/catalog-order.ts';
import type {StoredEntry} from '../catalog/catalog-page.ts';

/**
Holds back folders until what they hold comes. A walk names the folders in a folder with everything else there, and enters them later; but a program that unpacks an archive sets a folder's times when it
has left it, so in an archive a folder comes right before its content.
*/
export class FolderOrder {
	readonly #emit: (folder: StoredEntry) => void;
	#current: RawPath = '';
	/** Folders in the current one, in order. */
	#found: StoredEntry[] = [];
	/** Folders that were not entered yet, the next one last. */
	readonly #waiting: StoredEntry[] = [];

	constructor(emit: (folder: StoredEntry) => void) {
		this.#emit = emit;
	}

	#leave(): void {
		this.#waiting.push(...this.#found.toReversed());
		this.#found = [];
	}

	add(folder: StoredEntry): void {
		if (folder.path === '') {
			this.#emit(folder);
			return;
		}

		this.enter(folderOf(folder.path));
		this.#found.push(folder);
	}

	/** To be called before anything in `folder` is written. */
	enter(folder: RawPath): void {
		if (folder === this.#current) {
			return;
		}

		this.#leave();
		this.#current = folder;

		for (let next = this.#waiting.at(-1); next && compareFolders(next.path, folder) <= 0; next = this.#waiting.at(-1)) {
			this.#emit(next);
			this.#waiting.pop();
		}
	}

	/** Lets go of the empty folders at the end. */
	finish(): void {
		this.#leave();

		for (const folder of this.#waiting.splice(0).toReversed()) {
			this.#emit(folder);
		}
	}
}
