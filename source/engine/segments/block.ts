/**
A block: up to a mebibyte of segments, or a single longer one, compressed and sealed together, and the unit that is read. Its header is authenticated, so a block moved, swapped or cut
does not open; its key derives from the run's data key and the block's own random id, so a block can be moved to another pack as it is.
*/
import {Buffer} from 'node:buffer';
import {randomBytes} from 'node:crypto';
import {constants, zstdCompressSync, zstdDecompressSync} from 'node:zlib';
import {ByteReader, ByteWriter, FormatError} from '../base/bytes.ts';
import {
	type DataKey,
	deriveKey,
	idLength,
	openWithNonce,
	sealParts,
	tagLength,
} from '../base/keys.ts';
import {release} from '../base/release.ts';

export const blockHeaderLength = 48;
/** What a block of several segments holds before compression, at most; a segment never spans blocks. */
export const blockCapacity = 1 << 20;

const magic = 0x31_42_46_48;
const compressionNone = 0;
const compressionZstd = 1;
const nonce = Buffer.alloc(12);
/** Saving less than this share is not worth a decompression. */
const worthwhile = 0.97;
const zstdOptions = {params: {[constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_hashLog]: 17}, chunkSize: blockCapacity + 8192};

export type BlockHeader = {
	readonly compression: number;
	readonly rawLength: number;
	/** Ciphertext and tag, without the header. */
	readonly storedLength: number;
	readonly dataKeyId: Buffer;
	readonly blockId: Buffer;
};

/** Header, ciphertext and tag, in the order in which they are stored. */
export const sealBlock = (plain: Buffer, dataKey: DataKey, isCompressible: boolean): Buffer[] => {
	const packed = isCompressible ? zstdCompressSync(plain, zstdOptions) : plain;
	const isCompressed = packed.length < plain.length * worthwhile;
	const body = isCompressed ? packed : plain;
	const blockId = randomBytes(idLength);
	const header = new ByteWriter(blockHeaderLength)
		.u32(magic)
		.u8(isCompressed ? compressionZstd : compressionNone)
		.u8(0)
		.u16(0)
		.u32(plain.length)
		.u32(body.length + tagLength)
		.bytes(dataKey.id)
		.bytes(blockId)
		.view();

	const parts = sealParts({
		key: blockKey(dataKey.key, blockId), nonce, plain: body, context: header,
	});

	if (isCompressible) {
		release(packed);
	}

	return [header, ...parts];
};

/**
Reads what stands before a block's ciphertext; it is authenticated only when the block is opened.
@throws FormatError
*/
export const readBlockHeader = (bytes: Uint8Array): BlockHeader => {
	const reader = new ByteReader(bytes);

	if (reader.u32() !== magic) {
		throw new FormatError('no block begins here');
	}

	const compression = reader.u8();
	reader.bytes(3);

	return {
		compression, rawLength: reader.u32(), storedLength: reader.u32(), dataKeyId: reader.bytes(idLength), blockId: reader.bytes(idLength),
	};
};

/**
The segments of a stored block (header included), one after another.
@throws SealError, FormatError
*/
export const openBlock = (stored: Buffer, keyOf: (dataKeyId: Buffer) => Uint8Array): Buffer => {
	const header = readBlockHeader(stored);
	const context = stored.subarray(0, blockHeaderLength);
	const sealed = stored.subarray(blockHeaderLength);

	if (sealed.length !== header.storedLength) {
		throw new FormatError(`a block of ${header.storedLength} bytes has ${sealed.length}`);
	}

	const body = openWithNonce({
		key: blockKey(keyOf(header.dataKeyId), header.blockId), nonce, sealed, context,
	});
	const plain = decompress(body, header);

	if (plain !== body) {
		release(body);
	}

	if (plain.length !== header.rawLength) {
		throw new FormatError(`a block of ${header.rawLength} bytes unpacks to ${plain.length}`);
	}

	return plain;
};

const decompress = (body: Buffer, {compression, rawLength}: BlockHeader): Buffer => {
	if (compression === compressionNone) {
		return body;
	}

	if (compression !== compressionZstd) {
		throw new FormatError(`compression ${compression} is not known to this version`);
	}

	return zstdDecompressSync(body, {chunkSize: Math.max(64, rawLength), maxOutputLength: rawLength});
};

const blockKey = (dataKey: Uint8Array, blockId: Uint8Array): Buffer => deriveKey(dataKey, 'block', blockId);
