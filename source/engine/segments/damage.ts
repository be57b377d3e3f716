import type {SegmentLocation} from './index-file.ts';
import {blockName, type LostBlock} from './losses.ts';

/** What a verification found wrong. Segments are not remembered one by one: why one cannot be read is told by its place. */
export class Damage {
	readonly #lostPacks: ReadonlyMap<string, string>;
	readonly #blocks = new Map<string, LostBlock>();
	#isMet = false;

	/** `lostPacks`: those that are missing or cut short, with the words for it. */
	constructor(lostPacks: ReadonlyMap<string, string>) {
		this.#lostPacks = lostPacks;
	}

	get isMet(): boolean {
		return this.#isMet;
	}

	/** Blocks that cannot be opened. */
	get blocks(): readonly LostBlock[] {
		return this.#blocks.values().toArray();
	}

	/** A segment with this location, as the index tells it, cannot be read. */
	addSegment(location: SegmentLocation | undefined): void {
		this.#isMet = true;

		if (location && !this.#lostPacks.has(location.packId)) {
			this.addBlock(location);
		}
	}

	addBlock(block: LostBlock): void {
		this.#isMet = true;
		this.#blocks.set(blockName(block), {packId: block.packId, blockOffset: block.blockOffset});
	}

	hasBlock(block: LostBlock): boolean {
		return this.#blocks.has(blockName(block));
	}

	/** Why a segment that the index places there cannot be read; `undefined` when it can. */
	reasonOf(location: SegmentLocation | undefined): string | undefined {
		if (!location) {
			return 'it is in no index: the pack that held it is lost, or the block was found damaged before';
		}

		const {packId, blockOffset} = location;

		return this.hasBlock(location) ? `pack ${packId}, block at ${blockOffset}: it cannot be opened` : this.#lostPacks.get(packId);
	}
}
