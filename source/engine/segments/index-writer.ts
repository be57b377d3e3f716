/** Turns what a run wrote into an index file, and keeps the number of index files small by merging those of like size. */
import {Buffer} from 'node:buffer';
import {digestLength} from '../base/digest.ts';
import type {Storage} from '../storage/storage.ts';
import {
	blockOffsetOf,
	type IndexedPack,
	indexName,
	type IndexFile,
	packNumberOf,
	recordLength,
} from './index-file.ts';
import type {PackTable} from './pack.ts';
import type {SegmentIndex} from './segment-index.ts';
import type {WrittenPack} from './segment-writer.ts';
import {type IndexContent, writeIndexFile} from './write-index-file.ts';

/** So many files of one size class are merged into one of the next. */
const mergeAt = 4;
const classFactor = 4;

type Target = {readonly storage: Storage; readonly rootKey: Uint8Array};

/**
Makes one index file of all packs that a run wrote.
@returns the new file's id, or `undefined` where there was nothing to index.
*/
export const indexPacks = async ({storage, rootKey}: Target, packs: readonly WrittenPack[], dataKeys: PackTable['dataKeys']): Promise<string | undefined> => {
	if (packs.length === 0) {
		return undefined;
	}

	const records = numberedRecords(packs);

	return writeIndexFile(storage, rootKey, {
		packs: packs.map(({id, size}) => ({id, size})), dataKeys, replaces: [], recordCount: records.length / recordLength, records: sortedRecords(records),
	});
};

/** Merges index files where enough of a size have come together; readers see either the old ones or the new one. */
export const mergeIndexes = async ({storage, rootKey}: Target, index: SegmentIndex): Promise<void> => {
	const classes = Map.groupBy(index.files, file => Math.floor(Math.log(Math.max(1, file.recordCount)) / Math.log(classFactor)));
	const crowded = classes.values().find(files => files.length >= mergeAt);

	if (!crowded) {
		return;
	}

	await writeIndexFile(storage, rootKey, mergedContent(crowded));

	for (const {id} of crowded) {
		storage.delete(indexName(id));
	}
};

/** Where a record says that its segment lies. */
export type RecordPlace = {readonly pack: IndexedPack; readonly blockOffset: number};

type IsKept = (place: RecordPlace) => boolean;
type Source = {readonly file: IndexFile; /** Of each of its packs: the number it gets. */ readonly numbers: readonly number[]};

/** The content of several index files as one, without the records that are not kept. Packs of which nothing is kept are not named unless `isNamed` says so. */
export const mergedContent = (files: readonly IndexFile[], isKept: IsKept = () => true, isNamed = (pack: IndexedPack): boolean => isKept({pack, blockOffset: 0})): IndexContent => {
	const packs: IndexedPack[] = [];
	const numberOf = (pack: IndexedPack): number => {
		if (!isNamed(pack)) {
			return -1;
		}

		packs.push(pack);

		return packs.length - 1;
	};

	const sources: Source[] = files.map(file => ({file, numbers: file.packs.map(pack => numberOf(pack))}));
	const dataKeys = new Map(files.flatMap(file => file.dataKeys).map(key => [key.id.toString('hex'), key]));
	let recordCount = 0;

	for (const _ of mergedRecords(sources, isKept)) {
		recordCount++;
	}

	return {
		packs,
		dataKeys: dataKeys.values().toArray(),
		replaces: files.map(({id}) => id),
		recordCount,
		records: mergedRecords(sources, isKept),
	};
};

/**
Merges the records of several files.
@yields records in digest order, one for each digest
*/
const mergedRecords = function * (sources: readonly Source[], isKept: IsKept): Generator<Buffer> {
	const streams = sources.map(({file}) => file.records());
	const heads = streams.map(stream => stream.next().value as Buffer | undefined);
	let last: Buffer | undefined;

	for (;;) {
		const smallest = indexOfSmallest(heads);

		if (smallest === -1) {
			return;
		}

		const record = heads[smallest]!;
		const {file, numbers} = sources[smallest]!;
		const pack = packNumberOf(record);
		const number = numbers[pack] ?? -1;
		heads[smallest] = streams[smallest]!.next().value as Buffer | undefined;

		if (number === -1 || last?.compare(record, 0, digestLength, 0, digestLength) === 0 || !isKept({pack: file.packs[pack]!, blockOffset: blockOffsetOf(record)})) {
			continue;
		}

		const renumbered = Buffer.from(record);
		renumbered.writeUInt32LE(number, digestLength);
		last = renumbered;
		yield renumbered;
	}
};

const indexOfSmallest = (heads: ReadonlyArray<Buffer | undefined>): number => {
	let smallest = -1;

	for (const [index, head] of heads.entries()) {
		if (head && (smallest === -1 || head.compare(heads[smallest]!, 0, digestLength, 0, digestLength) < 0)) {
			smallest = index;
		}
	}

	return smallest;
};

/** The records of new packs one after another, numbered by pack. */
const numberedRecords = (packs: readonly WrittenPack[]): Buffer => {
	const records = Buffer.concat(packs.map(pack => pack.records));
	let offset = 0;

	for (const [number, pack] of packs.entries()) {
		for (const end = offset + pack.records.length; offset < end; offset += recordLength) {
			records.writeUInt32LE(number, offset + digestLength);
		}
	}

	return records;
};

/** Positions fit beside the first 32 bits of a digest in one exact number. */
const maxSorted = 0x20_00_00;

/**
Sorts by the first 32 bits as numbers, which is ten times as fast as comparing buffers, and mends the few ties.
@yields records in digest order
*/
const sortedRecords = function * (records: Buffer): Generator<Buffer> {
	const keys = new Float64Array(records.length / recordLength);

	for (let position = 0; position < keys.length; position++) {
		keys[position] = (records.readUInt32BE(position * recordLength) * maxSorted) + position;
	}

	keys.sort();
	const startOf = (key: number) => (key % maxSorted) * recordLength;
	const isAfter = (one: number, other: number) => records.compare(records, startOf(other), startOf(other) + digestLength, startOf(one), startOf(one) + digestLength) > 0;

	for (let index = 1; index < keys.length; index++) {
		for (let at = index; at > 0 && isAfter(keys[at - 1]!, keys[at]!); at--) {
			const later = keys[at - 1]!;
			keys[at - 1] = keys[at]!;
			keys[at] = later;
		}
	}

	for (const key of keys) {
		yield records.subarray(startOf(key), startOf(key) + recordLength);
	}
};
