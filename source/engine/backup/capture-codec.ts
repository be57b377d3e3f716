/** Outcomes of a batch of captured files as one buffer: a structured clone of objects costs ten times as much per file. */
import type {Buffer} from 'node:buffer';
import {ByteReader, ByteWriter} from '../base/bytes.ts';
import {digestLength} from '../base/digest.ts';
import type {CaptureOutcome} from './capture-outcome.ts';

const types = ['stored', 'vanished', 'foreign', 'unreadable'] as const;
const notes = [undefined, 'grown', 'changing'] as const;
const hole = 1;

export const encodeOutcomes = (outcomes: readonly CaptureOutcome[]): Buffer => {
	const writer = new ByteWriter(outcomes.length * 128);
	writer.u32(outcomes.length);

	for (const outcome of outcomes) {
		writer.u8(types.indexOf(outcome.type));

		if (outcome.type === 'unreadable') {
			writer.text(outcome.message);
		} else if (outcome.type === 'stored') {
			encodeStored(writer, outcome);
		}
	}

	return writer.take();
};

export const decodeOutcomes = (bytes: Uint8Array): CaptureOutcome[] => {
	const reader = new ByteReader(bytes);

	return Array.from({length: reader.u32()}, () => decodeOutcome(reader));
};

const decodeOutcome = (reader: ByteReader): CaptureOutcome => {
	const type = types[reader.u8()]!;

	switch (type) {
		case 'stored': {
			return decodeStored(reader);
		}

		case 'unreadable': {
			return {type, message: reader.text()};
		}

		case 'vanished':
		case 'foreign': {
			return {type};
		}
	}
};

type Stored = CaptureOutcome & {readonly type: 'stored'};

const encodeStored = (writer: ByteWriter, {stats, sha256, extents, attributes, note, attributesError}: Stored): void => {
	writer.i64(BigInt.asIntN(64, stats.inode)).u64(stats.sizeBytes).u16(stats.mode).u32(stats.uid).u32(stats.gid).timeNs(stats.modifiedNs).timeNs(stats.changedNs);
	writer.bytes(sha256).u8(notes.indexOf(note)).text(attributesError ?? '').u32(extents.length);

	for (const {length, digest} of extents) {
		writer.u32(length).u8(digest ? 0 : hole);

		if (digest) {
			writer.bytes(digest);
		}
	}

	writer.u16(attributes.length);

	for (const {name, value} of attributes) {
		writer.text(name).u32(value.length).bytes(value);
	}
};

const decodeStored = (reader: ByteReader): Stored => {
	const stats = {
		inode: reader.i64(), sizeBytes: reader.u64(), mode: reader.u16(), uid: reader.u32(), gid: reader.u32(), modifiedNs: reader.timeNs(), changedNs: reader.timeNs(),
	};
	const sha256 = reader.bytes(digestLength);
	const note = notes[reader.u8()];
	const attributesError = reader.text();
	const extents = Array.from({length: reader.u32()}, () => {
		const length = reader.u32();

		return {length, digest: reader.u8() === hole ? undefined : reader.bytes(digestLength)};
	});
	const attributes = Array.from({length: reader.u16()}, () => ({name: reader.text(), value: reader.bytes(reader.u32())}));

	return {
		type: 'stored', stats, sha256, extents, attributes, note, attributesError: attributesError === '' ? undefined : attributesError,
	};
};
