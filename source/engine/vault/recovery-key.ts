/**
The recovery key on paper: 32 bytes as four lines of eight, in base32 without the letters that look like digits, each line with its number and a checksum
of its own, so that a typing slip is named by its line.
*/
import {Buffer} from 'node:buffer';
import {hash} from 'node:crypto';
import {UserError} from '../../errors.ts';
import {keyLength} from '../base/keys.ts';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const bytesPerLine = 8;
const checksumBytes = 2;
const lettersPerLine = 16;

/** Four lines such as `1: 8FK2-9QW0-7TBC-XM4D`. */
export const formatRecoveryKey = (key: Uint8Array): string => {
	const lines: string[] = [];

	for (let offset = 0; offset < keyLength; offset += bytesPerLine) {
		const number = (offset / bytesPerLine) + 1;
		const bytes = key.subarray(offset, offset + bytesPerLine);
		const letters = toBase32(Buffer.concat([bytes, checksum(number, bytes)]));
		lines.push(`${number}: ${letters.match(/.{4}/gv)!.join('-')}`);
	}

	return lines.join('\n');
};

/**
Reads a typed recovery key. Spaces, dashes, case, and O or I for 0 or 1 do not matter; lines that hold no key are passed over.
@throws UserError naming the line that is wrong
*/
export const parseRecoveryKey = (text: string): Buffer => {
	const found = new Map<number, Buffer>();

	for (const line of text.split('\n')) {
		const match = /^(?<number>[1-4])\s*:(?<letters>[\s\w\-]+)$/v.exec(line.trim());

		if (!match?.groups) {
			continue;
		}

		const number = Number(match.groups.number);
		found.set(number, parseLine(number, match.groups.letters!));
	}

	const missing = [1, 2, 3, 4].find(number => !found.has(number));

	if (missing !== undefined) {
		throw new UserError(`The recovery key lacks its line ${missing}.`, {code: 'key', hint: 'It has four lines that begin with "1:" to "4:".'});
	}

	return Buffer.concat([1, 2, 3, 4].map(number => found.get(number)!));
};

const parseLine = (number: number, letters: string): Buffer => {
	const wrong = new UserError(`Line ${number} of the recovery key has a typing slip.`, {code: 'key', hint: 'Compare it with the paper, letter by letter.'});
	const cleaned = letters.toUpperCase().replaceAll(/[\s\-]/gv, '').replaceAll('O', '0').replaceAll(/[IL]/gv, '1');
	const bytes = fromBase32(cleaned);

	if (!bytes || cleaned.length !== lettersPerLine) {
		throw wrong;
	}

	const payload = bytes.subarray(0, bytesPerLine);

	if (!checksum(number, payload).equals(bytes.subarray(bytesPerLine))) {
		throw wrong;
	}

	return payload;
};

const checksum = (number: number, bytes: Uint8Array): Buffer => hash('sha256', Buffer.concat([Buffer.from([number]), bytes]), 'buffer').subarray(0, checksumBytes);

/** Ten bytes are exactly sixteen letters. */
const toBase32 = (bytes: Uint8Array): string => {
	let letters = '';
	let bits = 0;
	let value = 0;

	for (const byte of bytes) {
		value = ((value << 8) | byte) & 0xF_FF_FF;
		bits += 8;

		while (bits >= 5) {
			bits -= 5;
			letters += alphabet[(value >> bits) & 31];
		}
	}

	return letters;
};

const fromBase32 = (letters: string): Buffer | undefined => {
	const bytes: number[] = [];
	let bits = 0;
	let value = 0;

	for (const letter of letters) {
		const digit = alphabet.indexOf(letter);

		if (digit === -1) {
			return undefined;
		}

		value = ((value << 5) | digit) & 0xF_FF_FF;
		bits += 5;

		if (!(bits >= 8)) {
			continue;
		}

		bits -= 8;
		bytes.push((value >> bits) & 0xFF);
	}

	return Buffer.from(bytes);
};
