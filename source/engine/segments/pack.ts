/**
Packs: what is stored. Blocks one after another, then a sealed table that says what is inside (data keys, blocks, segments), then a footer that finds the table. A
pack alone is enough to read it with the root key, so a lost index is rebuilt from the packs' tables.
*/
import {Buffer} from 'node:buffer';
import {randomBytes} from 'node:crypto';
import {zstdCompressSync, zstdDecompressSync} from 'node:zlib';
import {UserError} from '../../errors.ts';
import {ByteReader, ByteWriter, FormatError} from '../base/bytes.ts';
import {
	type DataKey,
	deriveKey,
	idLength,
	open,
	seal,
	isSealedDataKey,
	type OpenedDataKey,
	unwrapDataKey,
} from '../base/keys.ts';
import {release} from '../base/release.ts';
import type {ObjectWriter, Storage} from '../storage/storage.ts';
import {readSegmentList, type SegmentList} from './segment-list.ts';
import {sealBlock} from './block.ts';

export const packTarget = 32 << 20;

const headerMagic = 'HFPACK01';
const footerMagic = 'HFPACKED';
const headerLength = 32;
const footerLength = 24;

export type PackedBlock = {
	readonly offset: number;
	/** With its header. */
	readonly storedLength: number;
	readonly rawLength: number;
	readonly segments: SegmentList;
};

export type PackTable = {
	readonly dataKeys: ReadonlyArray<{readonly id: Buffer; readonly wrapped: Buffer}>;
	readonly blocks: readonly PackedBlock[];
};

export type FinishedPack = {
	/** 32 hexadecimal digits. */
	readonly id: string;
	readonly size: number;
	readonly table: PackTable;
};

export const packName = (id: string): string => `packs/${id.slice(0, 2)}/${id}`;

/** Writes one pack. Blocks are sealed as they come; `finish` makes it durable. */
export class PackWriter {
	readonly #writer: ObjectWriter;
	readonly #rootKey: Uint8Array;
	readonly #dataKeys = new Map<string, {readonly id: Buffer; readonly wrapped: Buffer}>();
	readonly #blocks: PackedBlock[] = [];
	readonly id = randomBytes(idLength).toString('hex');

	constructor(storage: Storage, rootKey: Uint8Array) {
		this.#rootKey = rootKey;
		this.#writer = storage.create(packName(this.id));
		this.#writer.write(Buffer.concat([Buffer.from(headerMagic), Buffer.from(this.id, 'hex'), Buffer.alloc(headerLength - 8 - idLength)]));
	}

	#add(parts: readonly Buffer[], {rawLength, segments}: Pick<PackedBlock, 'rawLength' | 'segments'>, dataKey: Pick<DataKey, 'id' | 'wrapped'>): void {
		const offset = this.#writer.length;
		this.#writer.write(...parts);
		this.#dataKeys.set(dataKey.id.toString('hex'), {id: dataKey.id, wrapped: dataKey.wrapped});
		this.#blocks.push({
			offset, storedLength: this.#writer.length - offset, rawLength, segments,
		});
	}

	get length(): number {
		return this.#writer.length;
	}

	/** `plain` holds the segments one after another. */
	addBlock(plain: Buffer, segments: SegmentList, {dataKey, isCompressible}: {readonly dataKey: DataKey; readonly isCompressible: boolean}): void {
		const parts = sealBlock(plain, dataKey, isCompressible);
		this.#add(parts, {rawLength: plain.length, segments}, dataKey);

		for (const part of parts) {
			release(part);
		}
	}

	/** A block that is sealed already, as it lies in another pack. */
	addSealedBlock(stored: Buffer, block: Pick<PackedBlock, 'rawLength' | 'segments'>, dataKey: Pick<DataKey, 'id' | 'wrapped'>): void {
		this.#add([stored], block, dataKey);
	}

	async finish(): Promise<FinishedPack> {
		const table: PackTable = {dataKeys: this.#dataKeys.values().toArray(), blocks: this.#blocks};
		const sealed = seal(tableKey(this.#rootKey), zstdCompressSync(encodeTable(table)), Buffer.from(this.id, 'hex'));
		const footer = new ByteWriter(footerLength).u64(this.#writer.length).u32(sealed.length).u32(0).raw(footerMagic).take();
		this.#writer.write(Buffer.concat([sealed, footer]));
		const size = this.#writer.length;
		await this.#writer.commit();

		return {id: this.id, size, table};
	}

	abort(): void {
		this.#writer.abort();
	}
}

/**
Reads what a pack says is inside.
@throws FormatError, SealError, ENOENT
*/
export const readPackTable = (storage: Storage, rootKey: Uint8Array, pack: {readonly id: string; readonly size: number}): PackTable => {
	if (pack.size < headerLength + footerLength) {
		throw new FormatError(`pack ${pack.id} is cut short`);
	}

	const footer = new ByteReader(storage.readRange(packName(pack.id), pack.size - footerLength, footerLength));
	const offset = footer.u64();
	const length = footer.u32();
	footer.u32();

	if (footer.raw(8) !== footerMagic || offset + length + footerLength !== pack.size) {
		throw new FormatError(`pack ${pack.id} is cut short or damaged at its end`);
	}

	const sealed = storage.readRange(packName(pack.id), offset, length);

	const packed = open(tableKey(rootKey), sealed, Buffer.from(pack.id, 'hex'));

	return decodeTable(zstdDecompressSync(packed));
};

/** What opens the content of a vault. */
export type VaultKeys = {
	readonly rootKey: Uint8Array;
	/** Data keys that the root key does not open. */
	readonly openedKeys?: readonly OpenedDataKey[] | undefined;
};

/** Opens data keys once each. `keyOf` throws UserError `key` where it takes the owner's private key. */
export class DataKeyRing {
	readonly #rootKey: Uint8Array;
	readonly #wrapped = new Map<string, Buffer>();
	readonly #opened = new Map<string, Buffer>();

	readonly keyOf = (id: Buffer): Buffer => {
		const name = id.toString('hex');
		const opened = this.#opened.get(name);

		if (opened) {
			return opened;
		}

		const wrapped = this.#wrapped.get(name);

		if (!wrapped) {
			throw new FormatError(`data key ${name} is not in the index`);
		}

		if (!isSealedDataKey(wrapped)) {
			throw new UserError('What this backup holds is sealed to a key that its owner keeps.', {code: 'key', hint: 'Give the owner\'s private key with "--private-key-file FILE".'});
		}

		const key = unwrapDataKey(this.#rootKey, id, wrapped);
		this.#opened.set(name, key);
		return key;
	};

	constructor({rootKey, openedKeys = []}: VaultKeys) {
		this.#rootKey = rootKey;

		for (const {id, key} of openedKeys) {
			this.#opened.set(id, Buffer.from(key));
		}
	}

	add(keys: PackTable['dataKeys']): void {
		for (const {id, wrapped} of keys) {
			this.#wrapped.set(id.toString('hex'), wrapped);
		}
	}

	all(): PackTable['dataKeys'] {
		return [...this.#wrapped].map(([id, wrapped]) => ({id: Buffer.from(id, 'hex'), wrapped}));
	}
}

const tableKey = (rootKey: Uint8Array): Buffer => deriveKey(rootKey, 'pack tables');

const encodeTable = ({dataKeys, blocks}: PackTable): Buffer => {
	const writer = new ByteWriter().u32(dataKeys.length);

	for (const {id, wrapped} of dataKeys) {
		writer.bytes(id).u16(wrapped.length).bytes(wrapped);
	}

	writer.u32(blocks.length);

	for (const {offset, storedLength, rawLength, segments} of blocks) {
		writer.u32(offset).u32(storedLength).u32(rawLength).u32(segments.length).bytes(segments.bytes);
	}

	return writer.view();
};

const decodeTable = (bytes: Buffer): PackTable => {
	const reader = new ByteReader(bytes);
	const dataKeys = Array.from({length: reader.u32()}, () => ({id: reader.bytes(idLength), wrapped: reader.bytes(reader.u16())}));
	const blocks = Array.from({length: reader.u32()}, () => ({
		offset: reader.u32(),
		storedLength: reader.u32(),
		rawLength: reader.u32(),
		segments: readSegmentList(reader, reader.u32()),
	}));

	return {dataKeys, blocks};
};
