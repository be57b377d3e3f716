import type {PartResult} from '../domain/item.ts';
import {joinRaw, type RawPath} from '../domain/raw-name.ts';
import type {Item, ItemContext} from './item.ts';
import {isThere} from './live-file.ts';
import {NothingThereError} from './nothing-there.ts';
import {partFolder} from './part-folder.ts';

export type RemoveOptions = ItemContext & {
	/** Holds what a restore brought that is undone, a folder for each part: nothing else goes. */
	readonly brought?: RawPath | undefined;
};

/** Removes live parts. Those that are not there any more are gone already; one that cannot be removed is told, and keeps none of the others. */
export const removeParts = async (item: Item, parts: readonly string[], {brought, ...context}: RemoveOptions): Promise<readonly PartResult[]> => {
	const {bareName = (part: string): string => part} = item;
	const discovered = await item.discover(context);
	const live = new Set(discovered.map(part => bareName(part)));
	const results: PartResult[] = [];

	for (const part of parts) {
		try {
			if (live.has(bareName(part))) {
				await item.remove!({...context, part, brought: broughtPart(brought, part)});
			}

			results.push(removed(part));
		} catch (error) {
			context.signal.throwIfAborted();
			results.push(error instanceof NothingThereError
				? removed(part)
				: {
					name: part, status: 'failed', sizeBytes: 0, error: (error as Error).message,
				});
		}
	}

	return results;
};

const removed = (part: string): PartResult => ({
	name: part, status: 'complete', sizeBytes: 0, error: null,
});

/** `undefined` where it was not brought. */
export const broughtPart = (brought: RawPath | undefined, part: string): RawPath | undefined => {
	const path = brought === undefined ? undefined : joinRaw(brought, partFolder(part));

	return path !== undefined && isThere(path) ? path : undefined;
};
