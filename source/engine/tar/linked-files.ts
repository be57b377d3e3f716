import type {RawPath} from '../../domain/raw-name.ts';
import type {CapturedStats, CaptureOutcome} from '../backup/capture-outcome.ts';
import type {PendingFile} from '../backup/capture-queue.ts';

/** The name under which the content is stored. */
export type StoredFirst = {readonly path: RawPath; readonly stats: CapturedStats};

/** Files with several names: the first one stored holds the content, the others are links to it. */
export class LinkedFiles {
	/** `undefined`: it is being read. */
	readonly #files = new Map<string, StoredFirst | undefined>();
	/** Of what has no content, by link group. */
	readonly #groups = new Map<string, RawPath>();

	/** How a file comes into the archive: whole, as a link, or as what turns out when those before it are written. */
	meet(file: PendingFile): 'first' | 'stored' | 'pending' {
		if (file.linkedInode === 0n) {
			return 'first';
		}

		const key = keyOf(file);

		if (this.#files.has(key)) {
			return this.#files.get(key) ? 'stored' : 'pending';
		}

		this.#files.set(key, undefined);
		return 'first';
	}

	/** The name it is stored under already; `undefined` where it is the first itself, or the first could not be stored. */
	firstOf(file: PendingFile): StoredFirst | undefined {
		return file.linkedInode === 0n ? undefined : this.#files.get(keyOf(file));
	}

	/** What became of a file: one that is not what the walk saw is nobody's link. */
	settle(file: PendingFile, outcome: CaptureOutcome): void {
		if (file.linkedInode === 0n) {
			return;
		}

		if (outcome.type === 'stored' && outcome.stats.inode === file.linkedInode) {
			this.#files.set(keyOf(file), {path: file.path, stats: outcome.stats});
		} else {
			this.#files.delete(keyOf(file));
		}
	}

	/** The same for links, FIFOs and devices, which are stored when they are met; remembers `path` as the first of a new group. */
	firstOfGroup(group: string, path: RawPath): RawPath | undefined {
		const first = this.#groups.get(group);

		if (first === undefined) {
			this.#groups.set(group, path);
		}

		return first;
	}
}

/** An inode that is free is given out again: its birth belongs to it. */
const keyOf = ({linkedInode, linkedBirthNs}: PendingFile): string => `${linkedInode}:${linkedBirthNs}`;
