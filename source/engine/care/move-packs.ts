import type {Buffer} from 'node:buffer';
import {nobody, type BlockTable} from '../segments/block-table.ts';
import {FormatError} from '../base/bytes.ts';
import {isSealedDataKey} from '../base/keys.ts';
import {openBlock, readBlockHeader} from '../segments/block.ts';
import type {AbortFlag} from '../base/abort-flag.ts';
import {
	DataKeyRing,
	type PackedBlock,
	packName,
	type PackTable,
	packTarget,
	PackWriter,
	readPackTable,
} from '../segments/pack.ts';
import {toWrittenPack, type WrittenPack} from '../segments/segment-writer.ts';
import {release} from '../base/release.ts';
import type {Storage} from '../storage/storage.ts';
import {isDamage} from '../storage/storage-failure.ts';
import type {PackSum} from './plan-cleanup.ts';

export type MoveOptions = {
	readonly storage: Storage;
	readonly rootKey: Uint8Array;
	readonly packs: readonly PackSum[];
	readonly blocks: BlockTable;
	readonly abortFlag: AbortFlag;
	/** Told the bytes of blocks that were copied. */
	readonly onMoved: (bytes: number) => void;
};

export type MovedPacks = {
	/** Packs whose needed blocks have been copied. */
	readonly ids: readonly string[];
	readonly written: readonly WrittenPack[];
	readonly dataKeys: PackTable['dataKeys'];
	/** Packs that were left alone, and why. */
	readonly damaged: ReadonlyArray<{readonly id: string; readonly message: string}>;
};

/**
Copies the needed blocks of packs into new ones, as they are. Each that this server can open is opened first: what cannot be read is not moved, nor is anything else of its pack. When it fails or is aborted, nothing is left.
*/
export const movePacks = async (options: MoveOptions): Promise<MovedPacks> => {
	const move = new PackMove(options);

	try {
		return await move.run();
	} catch (error) {
		await move.abort();
		throw error;
	}
};

type SealedBlock = {readonly stored: Buffer; readonly block: PackedBlock; readonly dataKey: PackTable['dataKeys'][number]};

class PackMove {
	readonly #options: MoveOptions;
	readonly #ids: string[] = [];
	readonly #damaged: Array<{id: string; message: string}> = [];
	readonly #written: WrittenPack[] = [];
	readonly #dataKeys = new Map<string, PackTable['dataKeys'][number]>();
	#pack: PackWriter | undefined;

	constructor(options: MoveOptions) {
		this.#options = options;
	}

	/** At most a pack's length, in memory. */
	#readNeeded(pack: PackSum): SealedBlock[] {
		const {storage, rootKey, blocks} = this.#options;
		const table = readPackTable(storage, rootKey, pack);
		const ring = new DataKeyRing({rootKey});
		ring.add(table.dataKeys);

		return table.blocks.filter(({offset}) => blocks.ownerOf(pack.id, offset) !== nobody).map(block => {
			const stored = storage.readRange(packName(pack.id), block.offset, block.storedLength);
			const {dataKeyId} = readBlockHeader(stored);
			const dataKey = table.dataKeys.find(({id}) => id.equals(dataKeyId));

			if (!dataKey) {
				throw new FormatError(`a block's data key ${dataKeyId.toString('hex')} is not in the pack's table`);
			}

			if (isSealedDataKey(dataKey.wrapped)) {
				release(openBlock(stored, ring.keyOf));
			}

			return {stored, block, dataKey};
		});
	}

	async #copy({stored, block, dataKey}: SealedBlock): Promise<void> {
		this.#pack ??= new PackWriter(this.#options.storage, this.#options.rootKey);
		this.#pack.addSealedBlock(stored, block, dataKey);
		this.#dataKeys.set(dataKey.id.toString('hex'), dataKey);
		this.#options.onMoved(stored.length);

		if (this.#pack.length >= packTarget) {
			await this.#finishPack();
		}
	}

	async #finishPack(): Promise<void> {
		if (!this.#pack) {
			return;
		}

		this.#written.push(toWrittenPack(await this.#pack.finish()));
		this.#pack = undefined;
	}

	#tryRead(pack: PackSum): SealedBlock[] {
		try {
			const blocks = this.#readNeeded(pack);
			this.#ids.push(pack.id);

			return blocks;
		} catch (error) {
			if (!isDamage(error)) {
				throw error;
			}

			this.#damaged.push({id: pack.id, message: error.message});

			return [];
		}
	}

	async run(): Promise<MovedPacks> {
		for (const pack of this.#options.packs) {
			this.#options.abortFlag.check();

			for (const block of this.#tryRead(pack)) {
				await this.#copy(block);
			}
		}

		await this.#finishPack();

		return {
			ids: this.#ids, written: this.#written, dataKeys: this.#dataKeys.values().toArray(), damaged: this.#damaged,
		};
	}

	async abort(): Promise<void> {
		this.#pack?.abort();

		for (const {id} of this.#written) {
			this.#options.storage.delete(packName(id));
		}
	}
}
