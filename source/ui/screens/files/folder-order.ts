import type {FolderTotalsOf} from '../../basket.ts';
import type {FolderListing} from './folder-listing.ts';

export type EntrySort = 'name' | 'size' | 'modified';

export type SortOptions = {
	readonly sort: EntrySort;
	readonly isReversed: boolean;
	readonly totals: FolderTotalsOf | undefined;
};

type KnownOrder = SortOptions & {readonly order: Uint32Array};

const lastOrders = new WeakMap<FolderListing, KnownOrder>();

/** Names from the first on, folders before the rest; the largest and the newest first. Indexes into the listing. */
export const orderFolder = (listing: FolderListing, options: SortOptions): Uint32Array => {
	const known = lastOrders.get(listing);

	if (known && isSame(known, options)) {
		return known.order;
	}

	const order = options.sort === 'name' ? orderByName(listing, options.isReversed) : orderBy(listing, options);
	lastOrders.set(listing, {...options, order});

	return order;
};

/** Totals matter to sizes alone. */
const isSame = (one: SortOptions, other: SortOptions): boolean =>
	one.sort === other.sort && one.isReversed === other.isReversed && (one.sort !== 'size' || one.totals === other.totals);

const orderByName = (listing: FolderListing, isReversed: boolean): Uint32Array => {
	const order = new Uint32Array(listing.count);
	let place = 0;

	for (const areFolders of [true, false]) {
		for (let step = 0; step < listing.count; step++) {
			const index = isReversed ? listing.count - 1 - step : step;

			if ((listing.typeAt(index) === 'directory') === areFolders) {
				order[place++] = index;
			}
		}
	}

	return order;
};

const orderBy = (listing: FolderListing, {sort, isReversed, totals}: SortOptions): Uint32Array => {
	const sign = isReversed ? -1 : 1;
	const sizeOf = (index: number) => listing.typeAt(index) === 'directory' ? totals?.get(listing.pathAt(index))?.bytes ?? 0 : listing.sizeAt(index);
	const keys = Array.from({length: listing.count}, (_, index) => sort === 'size' ? sizeOf(index) : listing.modifiedAt(index));

	return Uint32Array.from(keys.keys()).toSorted((one, other) => {
		if (keys[one] === keys[other]) {
			return one - other;
		}

		return keys[one]! > keys[other]! ? -sign : sign;
	});
};
