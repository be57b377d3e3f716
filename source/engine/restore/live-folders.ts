import {type RawPath, joinRaw} from '../../domain/raw-name.ts';
import {type Directory} from '../../system/directory.ts';
import {isWithin} from '../catalog/catalog-order.ts';
import {HeldFolder} from '../base/held-folder.ts';

/** Descriptors kept on the way down. */
const maxOpen = 200;

type Frame = {readonly path: RawPath; folder: HeldFolder | undefined};

/**
The folders of a live tree, opened one component at a time from its root without following links. Asked for in catalog order, or its reverse, nearly every folder is
one step from the last.
*/
export class LiveFolders {
	readonly #stack: Frame[];
	#missing: RawPath | undefined;

	constructor(root: Directory) {
		this.#stack = [{path: '', folder: new HeldFolder(root)}];
	}

	#closeFar(): void {
		const far = this.#stack.length - 1 - maxOpen;

		if (!(far > 0)) {
			return;
		}

		this.#stack[far]!.folder?.release();
		this.#stack[far]!.folder = undefined;
	}

	/** The folder at `path`, held open until the next call unless the caller holds it; `undefined` where there is none, or something else. */
	open(path: RawPath): HeldFolder | undefined {
		if (this.#missing !== undefined && isWithin(path, this.#missing)) {
			return undefined;
		}

		while (this.#stack.length > 1 && (!isWithin(path, this.#stack.at(-1)!.path) || this.#stack.at(-1)!.folder === undefined)) {
			this.#stack.pop()!.folder?.release();
		}

		while (this.#stack.at(-1)!.path !== path) {
			const {path: parent, folder} = this.#stack.at(-1)!;
			const rest = parent === '' ? path : path.slice(parent.length + 1);
			const name = rest.split('/', 1)[0]!;
			const child = tryOpen(folder!.directory, name);

			if (!child) {
				this.#missing = joinRaw(parent, name);
				return undefined;
			}

			this.#stack.push({path: joinRaw(parent, name), folder: new HeldFolder(child)});
			this.#closeFar();
		}

		return this.#stack.at(-1)!.folder;
	}

	/** To be called when a folder was made: what was missing may be there now. */
	forgetMissing(): void {
		this.#missing = undefined;
	}

	close(): void {
		for (const {folder} of this.#stack) {
			folder?.release();
		}

		this.#stack.length = 0;
	}
}

const tryOpen = (folder: Directory, name: RawPath): Directory | undefined => {
	try {
		return folder.openFolder(name);
	} catch (error) {
		if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes((error as NodeJS.ErrnoException).code ?? '')) {
			return undefined;
		}

		throw error;
	}
};
