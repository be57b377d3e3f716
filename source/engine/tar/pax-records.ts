/** The records of a pax extended header (POSIX.1-2008, `pax`), as raw text. */
import {Buffer} from 'node:buffer';
import {isAscii, toBytes} from '../../domain/raw-name.ts';
import {FormatError} from '../base/bytes.ts';
import type {StoredAttribute} from '../catalog/catalog-page.ts';
import type {Hole, TarEntry} from './tar-entry.ts';

const attributePrefix = 'SCHILY.xattr.';
const linkedKey = 'HOLDFAST.linked';
const holesKey = 'HOLDFAST.holes';
/** The largest numbers that the fields of a header hold. */
export const maxOctal7 = 0o777_7777;
export const maxOctal11 = 0o777_7777_7777;
const nanosecondsPerSecond = 1_000_000_000n;

/** The records an entry needs beside its header: what a header cannot hold, and nothing else. */
export const recordsOf = (entry: TarEntry, {name, isNameLong, isLinkLong}: {readonly name: string; readonly isNameLong: boolean; readonly isLinkLong: boolean}): string => {
	const link = entry.hardLinkOf ?? entry.linkTarget ?? '';
	const hasPath = isNameLong || !isAscii(name);
	const hasLink = isLinkLong || !isAscii(link);
	if (!hasPath && !hasLink && isOrdinary(entry)) {
		return timeRecord(entry.modifiedNs);
	}

	const isBinary = (hasPath && !isPlainText(name)) || (hasLink && !isPlainText(link));

	return [
		isBinary ? record('hdrcharset', 'BINARY') : '',
		hasPath ? record('path', name) : '',
		hasLink ? record('linkpath', link) : '',
		entry.sizeBytes > maxOctal11 ? record('size', String(entry.sizeBytes)) : '',
		entry.uid > maxOctal7 ? record('uid', String(entry.uid)) : '',
		entry.gid > maxOctal7 ? record('gid', String(entry.gid)) : '',
		timeRecord(entry.modifiedNs),
		entry.hardLinkOf === undefined ? ownRecords(entry) : '',
	].join('');
};

/** Nearly every entry: nothing but its time needs a record. */
const isOrdinary = ({sizeBytes, uid, gid, attributes, holes, isLinked}: TarEntry): boolean =>
	sizeBytes <= maxOctal11 && uid <= maxOctal7 && gid <= maxOctal7 && attributes.length === 0 && holes.length === 0 && !isLinked;

const ownRecords = ({attributes, holes, isLinked}: TarEntry): string => [
	isLinked ? record(linkedKey, '1') : '',
	holes.length > 0 ? record(holesKey, holes.map(({offset, length}) => `${offset}:${length}`).join(',')) : '',
	...attributes.map(({name, value}) => record(attributePrefix + escapeKey(name), Buffer.from(value).toString('latin1'))),
].join('');

const timeRecord = (ns: bigint): string => ns >= 0n && ns % nanosecondsPerSecond === 0n && ns / nanosecondsPerSecond <= BigInt(maxOctal11) ? '' : record('mtime', formatTime(ns));

const formatTime = (ns: bigint): string => {
	const size = ns < 0n ? -ns : ns;
	const nanoseconds = String(size % nanosecondsPerSecond).padStart(9, '0');
	const fraction = nanoseconds === '000000000' ? '' : `.${nanoseconds}`;

	return `${ns < 0n ? '-' : ''}${size / nanosecondsPerSecond}${fraction}`;
};

/** A record's own length is part of what it counts. */
const record = (key: string, value: string): string => {
	const rest = key.length + value.length + 3;
	const digits = String(rest).length;
	const length = String(rest + digits).length > digits ? rest + digits + 1 : rest + digits;

	return `${length} ${key}=${value}\n`;
};

// eslint-disable-next-line @typescript-eslint/naming-convention -- the platform's name
const strictDecoder = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true});

/** Some readers normalize what they take for text: a name that would not survive that is told to be bytes. */
const isPlainText = (raw: string): boolean => {
	if (isAscii(raw)) {
		return true;
	}

	try {
		const text = strictDecoder.decode(toBytes(raw));

		return text.normalize('NFC') === text;
	} catch {
		// The decoder's way of saying no.
		return false;
	}
};

/** As GNU tar writes names of attributes into keys, which end at `=`. */
const escapeKey = (name: string): string => name.replaceAll('%', '%25').replaceAll('=', '%3D');
const unescapeKey = (key: string): string => key.replaceAll('%3D', '=').replaceAll('%25', '%');

/** What the records of an extended header say; what they do not mention is `undefined`. */
export type PaxFacts = {
	readonly path: string | undefined;
	readonly linkPath: string | undefined;
	readonly size: number | undefined;
	readonly uid: number | undefined;
	readonly gid: number | undefined;
	readonly modifiedNs: bigint | undefined;
	readonly isLinked: boolean;
	readonly holes: readonly Hole[];
	readonly attributes: readonly StoredAttribute[];
};

export const noFacts: PaxFacts = {
	path: undefined, linkPath: undefined, size: undefined, uid: undefined, gid: undefined, modifiedNs: undefined, isLinked: false, holes: [], attributes: [],
};

/**
Reads the records of an extended header.
@throws FormatError
*/
export const parseRecords = (raw: string): PaxFacts => {
	const values = new Map<string, string>();
	const attributes: StoredAttribute[] = [];

	for (const [key, value] of splitRecords(raw)) {
		if (key.startsWith(attributePrefix)) {
			attributes.push({name: unescapeKey(key.slice(attributePrefix.length)), value: Buffer.from(value, 'latin1')});
		} else {
			values.set(key, value);
		}
	}

	return {
		path: values.get('path'),
		linkPath: values.get('linkpath'),
		size: toCount(values.get('size')),
		uid: toCount(values.get('uid')),
		gid: toCount(values.get('gid')),
		modifiedNs: toTime(values.get('mtime')),
		isLinked: values.has(linkedKey),
		holes: (values.get(holesKey)?.split(',') ?? []).map(text => toHole(text)),
		attributes,
	};
};

const splitRecords = function * (raw: string): Generator<readonly [key: string, value: string]> {
	for (let start = 0; start < raw.length;) {
		const space = raw.indexOf(' ', start);
		const length = Number(raw.slice(start, space));
		const equals = raw.indexOf('=', space);
		const end = start + length;

		if (space === -1 || equals === -1 || equals >= end || !Number.isSafeInteger(length) || raw[end - 1] !== '\n') {
			throw new FormatError('an extended header is broken');
		}

		yield [raw.slice(space + 1, equals), raw.slice(equals + 1, end - 1)];
		start = end;
	}
};

const toCount = (text: string | undefined): number | undefined => {
	if (text === undefined) {
		return undefined;
	}

	const value = Number(text);

	if (!/^\d+$/v.test(text) || !Number.isSafeInteger(value)) {
		throw new FormatError('an extended header holds no number where one belongs');
	}

	return value;
};

const toTime = (text: string | undefined): bigint | undefined => {
	if (text === undefined) {
		return undefined;
	}

	const {sign, seconds, fraction = ''} = /^(?<sign>-?)(?<seconds>\d{1,18})(?:\.(?<fraction>\d{1,9}))?$/v.exec(text)?.groups ?? {};

	if (seconds === undefined) {
		throw new FormatError('an extended header holds no time where one belongs');
	}

	const ns = (BigInt(seconds) * nanosecondsPerSecond) + BigInt(fraction.padEnd(9, '0'));

	return sign === '-' ? -ns : ns;
};

const toHole = (text: string): Hole => {
	const [offset, length] = text.split(':', 2).map(part => toCount(part));

	return {offset: offset!, length: length ?? 0};
};
