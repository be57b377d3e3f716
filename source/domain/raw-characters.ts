/** The characters of a raw path as numbers: the code point of what is UTF-8, and for each byte that is not a number above all code points. */
import type {RawPath} from './raw-name.ts';

export const slash = 47;

const strayByte = 0x11_00_00;
/** The least code point that takes so many bytes. */
const least = [0, 0, 0x80, 0x8_00, 0x1_00_00];

/** The character that begins at `index`. */
export const characterAt = (raw: RawPath, index: number): number => {
	const first = raw.codePointAt(index)!;

	return first < 0x80 ? first : sequenceAt(raw, index) ?? (strayByte + first);
};

/** How many bytes a character takes. */
export const widthOf = (character: number): number => {
	if (character < 0x80 || character >= strayByte) {
		return 1;
	}

	if (character < least[3]!) {
		return 2;
	}

	return character < least[4]! ? 3 : 4;
};

export const charactersOf = (raw: RawPath): number[] => {
	const characters: number[] = [];

	for (let index = 0; index < raw.length; index += widthOf(characters.at(-1)!)) {
		characters.push(characterAt(raw, index));
	}

	return characters;
};

/** The code point of a sequence of several bytes, or `undefined` where they are none. */
const sequenceAt = (raw: RawPath, index: number): number | undefined => {
	const first = raw.codePointAt(index)!;
	const length = lengthAfter(first);
	let character = first & (0xFF >> (length + 1));

	for (let position = index + 1; position < index + length; position++) {
		const byte = raw.codePointAt(position) ?? 0;

		if ((byte & 0xC0) !== 0x80) {
			return undefined;
		}

		character = (character << 6) | (byte & 0x3F);
	}

	const isSurrogate = character >= 0xD8_00 && character <= 0xDF_FF;

	return length === 1 || isSurrogate || character < least[length]! || character > 0x10_FF_FF ? undefined : character;
};

const lengthAfter = (first: number): number => {
	if (first < 0xC0 || first > 0xF7) {
		return 1;
	}

	if (first < 0xE0) {
		return 2;
	}

	return first < 0xF0 ? 3 : 4;
};
