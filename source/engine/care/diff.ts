/** What changed from one catalog to another. Pages that both have are never read: equal digests are equal entries. */
import {Buffer} from 'node:buffer';
import type {Change} from '../../domain/change.ts';
import {compareFolders, compareNames, folderOf} from '../catalog/catalog-order.ts';
import type {Catalog} from '../catalog/catalog.ts';
import type {StoredEntry} from '../catalog/catalog-page.ts';
import {pageKey} from './check-catalogs.ts';

/**
Compares two catalogs.
@yields changes in catalog order
*/
export const diffCatalogs = function * (before: Catalog, after: Catalog): Generator<Change> {
	const older = entriesWithout(before, keysOf(after));
	const newer = entriesWithout(after, keysOf(before));
	let old = older.next();
	let now = newer.next();

	while (!old.done || !now.done) {
		const order = orderOf(old.value ?? undefined, now.value ?? undefined);

		if (order < 0) {
			yield removed(old.value!);
		} else if (order > 0) {
			yield added(now.value!);
		} else {
			yield * compareEntries(old.value!, now.value!);
		}

		old = order <= 0 ? older.next() : old;
		now = order >= 0 ? newer.next() : now;
	}
};

const keysOf = ({pages}: Catalog): ReadonlySet<string> => new Set(pages.map(page => pageKey(page)));

const entriesWithout = function * (catalog: Catalog, known: ReadonlySet<string>): Generator<StoredEntry, undefined> {
	for (const [number, page] of catalog.pages.entries()) {
		if (!known.has(pageKey(page))) {
			yield * catalog.entriesOf(number);
		}
	}

	return undefined;
};

/** Nothing comes after everything. */
const orderOf = (old: StoredEntry | undefined, now: StoredEntry | undefined): number => {
	if (!old || !now) {
		return old ? -1 : 1;
	}

	// The root is the entry with the empty name in the folder with the empty path.
	const folderOrder = compareFolders(folderOf(old.path), folderOf(now.path));

	return folderOrder === 0 ? compareNames(old.path, now.path) : folderOrder;
};

const added = ({path, type, sizeBytes}: StoredEntry): Change => ({
	path, change: 'added', type, sizeBytes, previousSizeBytes: null,
});

const removed = ({path, type, sizeBytes}: StoredEntry): Change => ({
	path, change: 'removed', type, sizeBytes: null, previousSizeBytes: sizeBytes,
});

const compareEntries = function * (old: StoredEntry, now: StoredEntry): Generator<Change> {
	const change = hasSameContent(old, now) ? 'metadata' : 'modified';

	if (change === 'modified' || !hasSameMetadata(old, now)) {
		yield {
			path: now.path, change, type: now.type, sizeBytes: now.sizeBytes, previousSizeBytes: old.sizeBytes,
		};
	}
};

const hasSameContent = (old: StoredEntry, now: StoredEntry): boolean => old.type === now.type
	&& old.linkTarget === now.linkTarget
	&& old.device === now.device
	&& (old.content === undefined ? now.content === undefined : now.content?.sha256.equals(old.content.sha256) === true);

/** The time of a folder only tells that something in it came or went, which is told by itself. */
const hasSameMetadata = (old: StoredEntry, now: StoredEntry): boolean => old.mode === now.mode
	&& old.uid === now.uid
	&& old.gid === now.gid
	&& (old.type === 'directory' || old.modifiedNs === now.modifiedNs)
	&& old.linkGroup === now.linkGroup
	&& old.attributes.length === now.attributes.length
	&& old.attributes.every(({name, value}, index) => now.attributes[index]!.name === name && Buffer.compare(now.attributes[index]!.value, value) === 0);
