import type {Buffer} from 'node:buffer';
import {blockName, type LostBlock} from './losses.ts';

/** What a verification found wrong, kept small: segments by their digest, and the blocks that have to leave the index. */
export class Damage {
	readonly #segments = new Map<string, string>();
	readonly #blocks = new Map<string, LostBlock>();

	get isMet(): boolean {
		return this.#segments.size > 0;
	}

	get blocks(): readonly LostBlock[] {
		return this.#blocks.values().toArray();
	}

	addSegment(digest: Buffer, reason: string): void {
		this.#segments.set(digest.toString('latin1'), reason);
	}

	addBlock(block: LostBlock): void {
		this.#blocks.set(blockName(block), {packId: block.packId, blockOffset: block.blockOffset});
	}

	hasBlock(block: LostBlock): boolean {
		return this.#blocks.has(blockName(block));
	}

	/** Why a segment cannot be read, or `undefined`. */
	reasonOf(digest: Buffer): string | undefined {
		return this.#segments.get(digest.toString('latin1'));
	}
}
