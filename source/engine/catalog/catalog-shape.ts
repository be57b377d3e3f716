/** The *shape* of a catalog page: folders, names and types. It seldom changes, so that finding a name over a hundred backups reads each shape once. */
import type {Buffer} from 'node:buffer';
import type {Entry, EntryType} from '../../domain/entry.ts';
import type {RawPath} from '../../domain/raw-name.ts';
import {ByteReader, ByteWriter, FormatError} from '../base/bytes.ts';

/** Entries of one folder that lie in one page. */
export type FolderRun = {readonly folder: RawPath; readonly start: number; readonly count: number};

export type Shape = {
	readonly runs: readonly FolderRun[];
	readonly names: readonly RawPath[];
	readonly types: readonly EntryType[];
};

const entryTypes: readonly EntryType[] = ['file', 'directory', 'symlink', 'fifo', 'characterDevice', 'blockDevice', 'socket'];
const typeCodes = new Map(entryTypes.map((type, code) => [type, code]));

/** The shape of entries in catalog order. The root of an item is the entry with the empty name in the folder with the empty path. */
export const shapeOf = (entries: ReadonlyArray<Pick<Entry, 'path' | 'name' | 'type'>>): Shape => {
	const shape = new ShapeMaker();

	for (const {path, name, type} of entries) {
		shape.add(path.slice(0, Math.max(0, path.length - name.length - 1)), {
			names: [name], types: [type], start: 0, count: 1,
		});
	}

	return shape;
};

/** Puts a shape together from stretches of names, each of one folder. */
export class ShapeMaker implements Shape {
	readonly runs: Array<{folder: RawPath; start: number; count: number}> = [];
	readonly names: RawPath[] = [];
	readonly types: EntryType[] = [];

	add(folder: RawPath, {names, types, start, count}: Pick<Shape, 'names' | 'types'> & {readonly start: number; readonly count: number}): void {
		const last = this.runs.at(-1);

		if (last?.folder === folder) {
			last.count += count;
		} else {
			this.runs.push({folder, start: this.names.length, count});
		}

		for (let index = start; index < start + count; index++) {
			this.names.push(names[index]!);
			this.types.push(types[index]!);
		}
	}
}

export const encodeShape = ({runs, names, types}: Shape): Buffer => {
	const writer = new ByteWriter();
	writer.u32(names.length).u32(runs.length);

	for (const {folder, count} of runs) {
		writer.text(folder).u32(count);
	}

	for (const name of names) {
		writer.u8(name.length);
	}

	for (const type of types) {
		writer.u8(typeCodes.get(type)!);
	}

	for (const name of names) {
		writer.raw(name);
	}

	return writer.take();
};

/**
Reads what `encodeShape` made.
@throws FormatError
*/
export const decodeShape = (bytes: Uint8Array): Shape => {
	const reader = new ByteReader(bytes);
	const entryCount = reader.u32();
	const runCount = reader.u32();
	const runs: FolderRun[] = [];
	let start = 0;

	for (let run = 0; run < runCount; run++) {
		const folder = reader.text();
		const count = reader.u32();
		runs.push({folder, start, count});
		start += count;
	}

	if (start !== entryCount) {
		throw new FormatError('a catalog page counts its entries wrongly');
	}

	const lengths = reader.bytes(entryCount);
	const codes = reader.bytes(entryCount);
	const types = Array.from(codes, code => entryTypes[code] ?? fail(`entry type ${code} is not known to this version`));
	const names = Array.from(lengths, length => reader.raw(length));

	return {runs, names, types};
};

const fail = (message: string): never => {
	throw new FormatError(message);
};
