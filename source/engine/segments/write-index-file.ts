import {Buffer} from 'node:buffer';
import {randomBytes} from 'node:crypto';
import {zstdCompressSync} from 'node:zlib';
import {ByteWriter} from '../base/bytes.ts';
import {idLength, seal, sealWithNonce} from '../base/keys.ts';
import type {Storage} from '../storage/storage.ts';
import {
	factsKey,
	filterKey,
	footerLength,
	headerLength,
	type IndexedPack,
	indexMagic,
	indexName,
	pageKey,
	pageLength,
	pageNonce,
	recordLength,
	recordsPerPage,
} from './index-file.ts';
import {filterLength, IndexFilter} from './index-filter.ts';
import type {PackTable} from './pack.ts';

export type IndexContent = {
	readonly packs: readonly IndexedPack[];
	readonly dataKeys: PackTable['dataKeys'];
	/** Ids of the index files that this one takes the place of. */
	readonly replaces: readonly string[];
	readonly recordCount: number;
	/** Records in digest order; pack numbers count within `packs`. */
	readonly records: Iterable<Buffer>;
};

/**
Makes a new index file durable.
@returns its id.
*/
export const writeIndexFile = async (storage: Storage, rootKey: Uint8Array, content: IndexContent): Promise<string> => {
	const id = randomBytes(idLength).toString('hex');
	const writer = storage.create(indexName(id));

	try {
		writer.write(Buffer.concat([Buffer.from(indexMagic), Buffer.from(id, 'hex'), Buffer.alloc(headerLength - 8 - idLength)]));
		const filter = new IndexFilter(Buffer.alloc(filterLength(content.recordCount)));
		const fence = writePages(withEach(content.records, record => {
			filter.add(record);
		}), (bytes, number) => {
			writer.write(sealWithNonce({
				key: pageKey(rootKey, id), nonce: pageNonce(number), plain: bytes, context: Buffer.alloc(0),
			}));
		});
		writer.write(sealWithNonce({
			key: filterKey(rootKey, id), nonce: pageNonce(0), plain: filter.bytes, context: Buffer.alloc(0),
		}));
		const offset = writer.length;
		const sealed = seal(factsKey(rootKey, id), zstdCompressSync(encodeFacts(content, fence)), Buffer.from(id, 'hex'));
		writer.write(Buffer.concat([sealed, new ByteWriter(footerLength).u64(offset).u32(sealed.length).u32(0).raw(indexMagic).take()]));
		await writer.commit();
	} catch (error) {
		writer.abort();
		throw error;
	}

	return id;
};

/**
Shows each record to somebody on its way.
@yields what it is given, after a call for it
*/
const withEach = function * (records: Iterable<Buffer>, call: (record: Buffer) => void): Generator<Buffer> {
	for (const record of records) {
		call(record);
		yield record;
	}
};

const writePages = (records: Iterable<Buffer>, writePage: (bytes: Buffer, number: number) => void): ByteWriter => {
	const page = new ByteWriter(pageLength);
	const fence = new ByteWriter();
	let number = 0;
	const flush = () => {
		writePage(page.view(), number);
		number++;
		page.clear();
	};

	for (const record of records) {
		if (page.length === 0) {
			fence.bytes(record.subarray(0, 8));
		}

		page.bytes(record);

		if (page.length === recordsPerPage * recordLength) {
			flush();
		}
	}

	if (page.length > 0) {
		flush();
	}

	return fence;
};

const encodeFacts = ({packs, dataKeys, replaces, recordCount}: IndexContent, fence: ByteWriter): Buffer => {
	const writer = new ByteWriter().u32(packs.length);

	for (const {id, size} of packs) {
		writer.bytes(Buffer.from(id, 'hex')).u64(size);
	}

	writer.u32(dataKeys.length);

	for (const {id, wrapped} of dataKeys) {
		writer.bytes(id).u16(wrapped.length).bytes(wrapped);
	}

	writer.u32(replaces.length);

	for (const id of replaces) {
		writer.bytes(Buffer.from(id, 'hex'));
	}

	return writer.u64(recordCount).bytes(fence.view()).view();
};
