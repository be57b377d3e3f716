import type {RawPath} from '../domain/raw-name.ts';
import type {ItemContext} from './item.ts';
import {items} from './items.ts';

/** Paths of the home that other items hold, mailboxes for example: nothing of them is the home's to delete. */
export const placesInHome = async (context: ItemContext): Promise<readonly RawPath[]> => {
	const places: RawPath[] = [];

	for (const item of items) {
		if (item.placeOf === undefined) {
			continue;
		}

		for (const part of await item.discover(context)) {
			places.push(await item.placeOf({...context, part}));
		}
	}

	const start = `${context.account.home}/`;

	return places.filter(place => place.startsWith(start)).map(place => place.slice(start.length));
};
