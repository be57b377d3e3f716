import type {Entry} from '../../../domain/entry.ts';
import type {RawPath} from '../../../domain/raw-name.ts';
import {parentOf} from '../../../domain/selection-tree.ts';
import type {Rows} from '../../list/cursor.ts';
import type {FolderListing} from './folder-listing.ts';
import {orderFolder, type SortOptions} from './folder-order.ts';

/** A row of the tree, or of what a search found. */
export type TreeRow = {readonly entry: Entry; readonly depth: number};

export type TreeShape = SortOptions & {
	readonly listed: ReadonlyMap<RawPath, FolderListing>;
	readonly open: ReadonlySet<RawPath>;
};

/** Rows that follow one another in one folder, up to an opened one among them. */
type Stretch = {
	/** Index of its first row in the tree. */
	readonly start: number;
	readonly depth: number;
	readonly listing: FolderListing;
	readonly order: Uint32Array;
	/** Its part of the order. */
	readonly from: number;
	readonly to: number;
};

export const rootEntry: Entry = {
	path: '', name: '', type: 'directory', sizeBytes: 0, mode: 0, uid: 0, gid: 0, modifiedNs: 0n, linkTarget: null,
};

export const rowId = ({entry}: TreeRow): RawPath => entry.path;

/** The rows of an opened tree, made when they are asked for; what is kept grows with the opened folders, not with what is in them. */
export const treeRows = (shape: TreeShape): Rows<TreeRow> => {
	const stretches: Stretch[] = [];
	const count = addFolder(shape, stretches, {folder: '', depth: 1, start: 1});

	return {
		count,
		at: index => index === 0 ? {entry: rootEntry, depth: 0} : rowIn(stretches, index),
		idOf: rowId,
		indexOf: path => path === '' ? 0 : indexIn(stretches, path),
	};
};

type Place = {readonly folder: RawPath; readonly depth: number; readonly start: number};

/** Adds what is shown of a folder and of the opened ones in it; gives the index after it. */
const addFolder = (shape: TreeShape, stretches: Stretch[], {folder, depth, start}: Place): number => {
	const listing = shape.listed.get(folder);

	if (listing === undefined || !shape.open.has(folder)) {
		return start;
	}

	const order = orderFolder(listing, shape);
	let [next, from] = [start, 0];

	for (const place of openedPlaces(shape, listing, order)) {
		stretches.push({
			start: next, depth, listing, order, from, to: place + 1,
		});
		next = addFolder(shape, stretches, {folder: listing.pathAt(order[place]!), depth: depth + 1, start: next + place + 1 - from});
		from = place + 1;
	}

	stretches.push({
		start: next, depth, listing, order, from, to: order.length,
	});

	return next + order.length - from;
};

/** Where in the order the opened folders of a folder are, from the first on. */
const openedPlaces = ({open}: TreeShape, listing: FolderListing, order: Uint32Array): readonly number[] => {
	const opened = [...open].filter(path => path !== '' && parentOf(path) === listing.folder).map(path => listing.indexOf(nameOf(path)));

	return opened.filter(index => index !== -1).map(index => order.indexOf(index)).toSorted((one, other) => one - other);
};

const rowIn = (stretches: readonly Stretch[], index: number): TreeRow | undefined => {
	const stretch = stretches.findLast(({start}) => start <= index);

	return stretch === undefined || index - stretch.start >= stretch.to - stretch.from ? undefined : {entry: stretch.listing.at(stretch.order[stretch.from + index - stretch.start]!), depth: stretch.depth};
};

const indexIn = (stretches: readonly Stretch[], path: RawPath): number => {
	const folder = parentOf(path);

	for (const {start, listing, order, from, to} of stretches) {
		const place = listing.folder === folder ? order.indexOf(listing.indexOf(nameOf(path)), from) : -1;

		if (place !== -1 && place < to) {
			return start + place - from;
		}
	}

	return -1;
};

const nameOf = (path: RawPath): RawPath => path.slice(path.lastIndexOf('/') + 1);
