import type {RawPath} from '../../domain/raw-name.ts';
import type {Directory} from '../../system/directory.ts';
import type {Findings} from '../base/findings.ts';
import {inShort} from '../base/thread-error.ts';
import {type Metadata, setTimes} from './file-restore.ts';
import type {LiveFolders} from './live-folders.ts';
import {setMetadata} from './restore-target.ts';

/** Folders get their owner, mode and times when all else is done, deepest first: what is done in a folder changes its times. */
export class RestoredFolders {
	readonly #live: LiveFolders;
	readonly #findings: Findings;
	/** In catalog order. */
	readonly #restored: Array<{readonly path: RawPath; readonly metadata: Metadata}> = [];
	readonly #restoredPaths = new Set<RawPath>();
	/** Folders that stay as they are, though something in them changes: their times are put back. */
	readonly #touched = new Map<RawPath, bigint>();

	constructor(live: LiveFolders, findings: Findings) {
		this.#live = live;
		this.#findings = findings;
	}

	#finishOne(path: RawPath, metadata: Metadata): void {
		const folder = this.#live.open(path);

		if (!folder) {
			this.#findings.problem(path, 'its owner, mode and times were not set: the folder is gone');
			return;
		}

		try {
			for (const what of setMetadata(folder.directory.fd, metadata)) {
				this.#findings.problem(path, `${what} was not kept`);
			}
		} catch (error) {
			this.#findings.problem(path, `its owner, mode and times were not set (${inShort(error)})`);
		}
	}

	add(path: RawPath, metadata: Metadata): void {
		this.#restored.push({path, metadata});
		this.#restoredPaths.add(path);
	}

	/** To be called before anything in a folder is changed. */
	touch(path: RawPath, folder: Directory): void {
		if (!this.#touched.has(path) && !this.#restoredPaths.has(path)) {
			this.#touched.set(path, folder.stat().mtimeNs);
		}
	}

	finish(): void {
		for (const {path, metadata} of this.#restored.toReversed()) {
			this.#finishOne(path, metadata);
		}

		for (const [path, modifiedNs] of [...this.#touched].toReversed()) {
			const folder = this.#live.open(path);

			if (folder) {
				setTimes(folder.directory.fd, modifiedNs);
			}
		}
	}
}
