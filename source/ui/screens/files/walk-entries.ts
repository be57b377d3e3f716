import {setImmediate as immediately} from 'node:timers/promises';
import type {Entry} from '../../../domain/entry.ts';
import type {RawPath} from '../../../domain/raw-name.ts';
import {parentOf, type SubtreeTotal} from '../../../domain/selection-tree.ts';

/** How long a walk may keep a key waiting. */
const sliceMs = 8;
const entriesBetweenLooks = 64;

export type WalkOptions = {
	readonly signal: AbortSignal;
	/** What is more urgent: waited for whenever the walk pauses. */
	readonly giveWay?: () => Promise<unknown>;
};

/** Visits entries without ever keeping the terminal waiting; ends early when aborted or when `shouldGoOn`, which is given each, says no. */
export const walkEntries = async (entries: AsyncIterable<Entry>, shouldGoOn: (entry: Entry) => boolean, {signal, giveWay}: WalkOptions): Promise<void> => {
	let [started, count] = [performance.now(), 0];

	for await (const entry of entries) {
		if (!shouldGoOn(entry)) {
			return;
		}

		count++;

		if (count % entriesBetweenLooks === 0 && performance.now() - started > sliceMs) {
			await immediately();
			await giveWay?.();
			started = performance.now();
		}

		if (signal.aborted) {
			return;
		}
	}
};

type MutableTotal = {-readonly [Key in keyof SubtreeTotal]: SubtreeTotal[Key]};

/** Adds up what lies below every folder, the root under the empty path. */
export class FolderTotals {
	readonly #totals = new Map<RawPath, MutableTotal>([['', {files: 0, folders: 1, bytes: 0}]]);

	#at(path: RawPath): MutableTotal {
		let total = this.#totals.get(path);

		if (total === undefined) {
			total = {files: 0, folders: 0, bytes: 0};
			this.#totals.set(path, total);
		}

		return total;
	}

	add({path, type, sizeBytes}: Entry): void {
		if (path === '') {
			return;
		}

		if (type === 'directory') {
			this.#at(path).folders++;
			return;
		}

		const folder = this.#at(parentOf(path));
		folder.files += type === 'file' ? 1 : 0;
		folder.bytes += sizeBytes;
	}

	/** To be called once, when all were added. */
	finish(): ReadonlyMap<RawPath, SubtreeTotal> {
		const deepestFirst = [...this.#totals].filter(([path]) => path !== '').toSorted(([one], [other]) => depthOf(other) - depthOf(one));

		for (const [path, {files, folders, bytes}] of deepestFirst) {
			const parent = this.#at(parentOf(path));
			parent.files += files;
			parent.folders += folders;
			parent.bytes += bytes;
		}

		return this.#totals;
	}
}

const depthOf = (path: RawPath): number => path.split('/').length;
