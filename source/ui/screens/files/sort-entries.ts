import type {Entry} from '../../../domain/entry.ts';
import type {RawPath} from '../../../domain/raw-name.ts';
import type {SubtreeTotal} from '../../../domain/selection-tree.ts';

export type EntrySort = 'name' | 'size' | 'modified';

export type SortOptions = {
	readonly sort: EntrySort;
	readonly isReversed: boolean;
	readonly totals: ReadonlyMap<RawPath, SubtreeTotal> | undefined;
};

/** Names from the first on, folders before the rest; the largest and the newest first. */
export const sortEntries = (entries: readonly Entry[], {sort, isReversed, totals}: SortOptions): readonly Entry[] => {
	const sign = isReversed ? -1 : 1;
	const byEntry = (main: number, one: Entry, other: Entry) => main === 0 ? compare(one.name, other.name) : sign * main;
	const sizeOf = (entry: Entry) => entry.type === 'directory' ? totals?.get(entry.path)?.bytes ?? 0 : entry.sizeBytes;

	switch (sort) {
		case 'name': {
			const named = byName(entries);
			const ordered = isReversed ? named.toReversed() : named;

			return [...ordered.filter(({type}) => type === 'directory'), ...ordered.filter(({type}) => type !== 'directory')];
		}

		case 'size': {
			return entries.toSorted((one, other) => byEntry(compare(sizeOf(other), sizeOf(one)), one, other));
		}

		case 'modified': {
			return entries.toSorted((one, other) => byEntry(compare(other.modifiedNs, one.modifiedNs), one, other));
		}
	}
};

/** Backups list a folder in the order of its names; sorting 200,000 of them again would be felt. */
const byName = (entries: readonly Entry[]): readonly Entry[] =>
	entries.every((entry, index) => index === 0 || entries[index - 1]!.name < entry.name) ? entries : entries.toSorted((one, other) => compare(one.name, other.name));

const compare = <Value extends string | number | bigint>(one: Value, other: Value): number => {
	if (one === other) {
		return 0;
	}

	return one < other ? -1 : 1;
};
