/**
Names from disk are bytes, not text. Inside Holdfast a name or path is a *raw* string: one character for each byte (latin1), so that every name
survives, compares in byte order, and an ASCII name reads as itself. Text enters and leaves through this module alone.
*/
export type RawPath = string;

// eslint-disable-next-line @typescript-eslint/naming-convention -- the platform's name
const strictDecoder = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true});
const encoder = new TextEncoder();

export const isAscii = (text: string): boolean => /^\p{ASCII}*$/v.test(text);

/** Nearly every name: visible ASCII that reads as itself in every form. */
const isPlain = (raw: RawPath): boolean => /^[\u{20}-\u{5B}\u{5D}-\u{7E}]*$/v.test(raw);

/** The text form used in JSON, output and arguments: valid UTF-8 as itself, other bytes as `\xNN`, a backslash as `\\`. Reversible by `fromText`. */
export const toText = (raw: RawPath): string => {
	if (isPlain(raw)) {
		return raw;
	}

	const escaped = raw.includes('\\') ? raw.replaceAll('\\', '\\\\') : raw;

	if (isAscii(escaped)) {
		return escaped;
	}

	const bytes = toBytes(escaped);

	try {
		return strictDecoder.decode(bytes);
	} catch {
		return decodeInPieces(bytes);
	}
};

/** The raw form of a text: `\xNN` is one byte, `\\` a backslash, anything else its UTF-8 bytes. A backslash before anything else stands for itself. */
export const fromText = (text: string): RawPath => {
	if (!text.includes('\\')) {
		return isAscii(text) ? text : fromBytes(encoder.encode(text));
	}

	return text.replaceAll(/\\\\|\\x(?<hex>[\da-f]{2})|\P{ASCII}+/giv, (match, hex: string | undefined) => {
		if (match === '\\\\') {
			return '\\';
		}

		return hex === undefined ? fromBytes(encoder.encode(match)) : String.fromCodePoint(Number.parseInt(hex, 16));
	});
};

/**
The form shown on a screen: as `toText`, with whatever could move the cursor, hide or reorder text (controls, bidirectional and invisible marks,
line separators) as `\xNN` of its bytes. Still reversible by `fromText`.
*/
export const toScreen = (raw: RawPath): string => {
	if (isPlain(raw)) {
		return raw;
	}

	const text = toText(raw);

	return text.replaceAll(/[\p{Control}\p{Format}\p{Line_Separator}\p{Paragraph_Separator}\p{Private_Use}\p{Unassigned}\u{115F}\u{1160}\u{3164}\u{FFA0}]/gv, character => hexEscape(encoder.encode(character)));
};

/** What could do so in a sentence, such as one that quotes an argument, as `\xNN` too; lines stay lines. */
export const escapeText = (text: string): string => text.replaceAll(/[[\p{Control}\p{Format}\p{Line_Separator}\p{Paragraph_Separator}]--[\t\n]]/gv, character => hexEscape(encoder.encode(character)));

export const toBytes = (raw: RawPath): Uint8Array => {
	const bytes = new Uint8Array(raw.length);

	for (let index = 0; index < raw.length; index++) {
		bytes[index] = raw.codePointAt(index)!;
	}

	return bytes;
};

export const fromBytes = (bytes: Uint8Array): RawPath => {
	let raw = '';

	for (const byte of bytes) {
		raw += String.fromCodePoint(byte);
	}

	return raw;
};

export const joinRaw = (folder: RawPath, name: RawPath): RawPath => folder === '' ? name : `${folder}/${name}`;

const hexEscape = (bytes: Uint8Array): string => [...bytes].map(byte => String.raw`\x${byte.toString(16).padStart(2, '0')}`).join('');

/** Decodes what is valid and escapes each byte that is not. */
const decodeInPieces = (bytes: Uint8Array): string => {
	let text = '';
	let index = 0;

	while (index < bytes.length) {
		const piece = validSequenceAt(bytes, index);

		if (piece === undefined) {
			text += hexEscape(bytes.subarray(index, index + 1));
			index++;
		} else {
			text += piece.text;
			index += piece.length;
		}
	}

	return text;
};

const validSequenceAt = (bytes: Uint8Array, index: number): {text: string; length: number} | undefined => {
	const first = bytes[index]!;
	const length = sequenceLength(first);

	try {
		const text = strictDecoder.decode(bytes.subarray(index, index + length));
		return {text, length: Math.min(length, bytes.length - index)};
	} catch {
		return undefined;
	}
};

const sequenceLength = (first: number): number => {
	if (first < 0x80) {
		return 1;
	}

	if (first < 0xE0) {
		return 2;
	}

	return first < 0xF0 ? 3 : 4;
};
