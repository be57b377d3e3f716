import type {PartResult} from '../domain/item.ts';
import {joinRaw, type RawPath} from '../domain/raw-name.ts';
import type {Item, ItemContext} from './item.ts';
import {isThere} from './live-file.ts';
import {partFolder} from './part-folder.ts';

export type RemoveOptions = ItemContext & {
	/** Holds what a restore brought that is undone, a folder for each part: nothing else goes. */
	readonly brought?: RawPath | undefined;
};

/** Removes live parts. Those that are not there any more are gone already; one that cannot be removed is told, and keeps none of the others. */
export const removeParts = async (item: Item, parts: readonly string[], {brought, ...context}: RemoveOptions): Promise<readonly PartResult[]> => {
	const live = await item.discover(context);
	const results: PartResult[] = [];

	for (const part of parts) {
		try {
			if (live.includes(part)) {
				await item.remove!({...context, part, brought: broughtPart(brought, part)});
			}

			results.push({
				name: part, status: 'complete', sizeBytes: 0, error: null,
			});
		} catch (error) {
			context.signal.throwIfAborted();
			results.push({
				name: part, status: 'failed', sizeBytes: 0, error: (error as Error).message,
			});
		}
	}

	return results;
};

/** `undefined` where it was not brought. */
export const broughtPart = (brought: RawPath | undefined, part: string): RawPath | undefined => {
	const path = brought === undefined ? undefined : joinRaw(brought, partFolder(part));

	return path !== undefined && isThere(path) ? path : undefined;
};
