/** Files to write as one buffer: a structured clone of objects costs ten times as much per file. */
import {ByteReader, ByteWriter} from '../base/bytes.ts';
import {idLength} from '../base/keys.ts';
import {digestLength} from '../base/digest.ts';
import type {ContentPiece} from '../segments/content-piece.ts';
import type {WriteJob} from './file-restore.ts';

const replacing = 1;
const owned = 2;
const pieceTypes = ['hole', 'segment', 'missing', 'archived'] as const;

export const encodeJobs = (jobs: readonly WriteJob[]): Uint8Array => {
	const writer = new ByteWriter(jobs.length * 192);
	writer.u32(jobs.length);

	for (const {id, folderFd, name, isReplacing, sizeBytes, pieces, metadata: {mode, owner, modifiedNs, attributes}} of jobs) {
		writer.u32(id).u32(folderFd).text(name).u8((isReplacing ? replacing : 0) | (owner ? owned : 0)).u64(sizeBytes);
		writer.u16(mode).u32(owner?.uid ?? 0).u32(owner?.gid ?? 0).timeNs(modifiedNs).u16(attributes.length);

		for (const {name: attribute, value} of attributes) {
			writer.text(attribute).u32(value.length).bytes(value);
		}

		writer.u32(pieces.length);

		for (const piece of pieces) {
			encodePiece(writer, piece);
		}
	}

	return writer.view();
};

export const decodeJobs = (bytes: Uint8Array): WriteJob[] => {
	const reader = new ByteReader(bytes);

	return Array.from({length: reader.u32()}, () => decodeJob(reader));
};

const decodeJob = (reader: ByteReader): WriteJob => {
	const id = reader.u32();
	const folderFd = reader.u32();
	const name = reader.text();
	const flags = reader.u8();
	const sizeBytes = reader.u64();
	const mode = reader.u16();
	const owner = {uid: reader.u32(), gid: reader.u32()};
	const modifiedNs = reader.timeNs();
	const attributes = Array.from({length: reader.u16()}, () => ({name: reader.text(), value: reader.bytes(reader.u32())}));
	const pieces = Array.from({length: reader.u32()}, () => decodePiece(reader));

	return {
		id,
		folderFd,
		name,
		isReplacing: (flags & replacing) !== 0,
		sizeBytes,
		pieces,
		metadata: {
			mode, owner: (flags & owned) === 0 ? undefined : owner, modifiedNs, attributes,
		},
	};
};

const encodePiece = (writer: ByteWriter, piece: ContentPiece): void => {
	writer.u8(pieceTypes.indexOf(piece.type));

	switch (piece.type) {
		case 'hole': {
			writer.u32(piece.length);
			break;
		}

		case 'missing': {
			writer.bytes(piece.digest);
			break;
		}

		case 'archived': {
			writer.u64(piece.offset).u64(piece.length);
			break;
		}

		case 'segment': {
			const {packId, blockOffset, blockStoredLength, offset, length} = piece.location;
			writer.bytes(piece.digest).hex(packId).u32(blockOffset).u32(blockStoredLength).u32(offset).u32(length);
		}
	}
};

const decodePiece = (reader: ByteReader): ContentPiece => {
	const type = pieceTypes[reader.u8()]!;

	switch (type) {
		case 'hole': {
			return {type, length: reader.u32()};
		}

		case 'archived': {
			return {type, offset: reader.u64(), length: reader.u64()};
		}

		case 'missing': {
			return {type, digest: reader.bytes(digestLength)};
		}

		case 'segment': {
			const digest = reader.bytes(digestLength);
			const location = {
				packId: reader.bytes(idLength).toString('hex'), blockOffset: reader.u32(), blockStoredLength: reader.u32(), offset: reader.u32(), length: reader.u32(),
			};

			return {type, location, digest};
		}
	}
};
