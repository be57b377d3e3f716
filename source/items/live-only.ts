import type {ItemResult} from '../domain/item.ts';
import type {Item, ItemContext} from './item.ts';

/** The live parts of an item that a backup does not have; none where it could not hold all there was. A part that may be a stored one under another name is none of them. */
export const findLiveOnly = async (item: Item, context: ItemContext, stored: ItemResult): Promise<readonly string[]> => {
	if (item.remove === undefined || stored.status !== 'complete') {
		return [];
	}

	const bareName = item.bareName ?? ((part: string) => part);
	const known = new Set(stored.parts.map(({name}) => bareName(name)));
	const live = await item.discover(context);

	return live.filter(part => !known.has(bareName(part)));
};
