import {Buffer} from 'node:buffer';
import test from 'ava';
import {
	fromBytes,
	fromText,
	isAscii,
	joinRaw,
	toBytes,
	toScreen,
	toText,
} from '../../source/domain/raw-name.ts';
import {Random} from '../benchmarks/random.ts';

const utf8 = (text: string): string => Buffer.from(text).toString('latin1');

const rows: ReadonlyArray<readonly [string, string, string]> = [
	['plain letters', 'plain name.txt', 'plain name.txt'],
	['nothing', '', ''],
	['an umlaut', utf8('ümlaut'), 'ümlaut'],
	['a character beyond the first plane', utf8('🗄'), '🗄'],
	['a byte order mark', utf8('\u{FEFF}bom'), '\u{FEFF}bom'],
	['Latin-1', 'caf\u{E9}', String.raw`caf\xe9`],
	['a sequence cut short', utf8('日').slice(0, 2), String.raw`\xe6\x97`],
	['valid and invalid bytes', `${utf8('ü')}\u{FF}${utf8('ü')}`, String.raw`ü\xffü`],
	['characters of every length beside a byte that is none', `${utf8('aü日🗄')}\u{FE}${utf8('日')}`, String.raw`aü日🗄\xfe日`],
	['an overlong sequence', '\u{C0}\u{AF}', String.raw`\xc0\xaf`],
	['a surrogate in bytes', '\u{ED}\u{A0}\u{80}', String.raw`\xed\xa0\x80`],
	['a backslash', String.raw`back\slash`, String.raw`back\\slash`],
	['what looks like an escape', String.raw`\x41`, String.raw`\\x41`],
];

for (const [title, raw, text] of rows) {
	test(`${title} as text, and back`, t => {
		t.is(toText(raw), text);
		t.is(fromText(text), raw);
	});
}

test('a backslash before anything else stands for itself', t => {
	t.is(fromText(String.raw`a\b\xZZ\x4`), String.raw`a\b\xZZ\x4`);
	t.is(fromText(String.raw`\xE9`), '\u{E9}');
});

test('property: any bytes come back from their text and from their screen form', t => {
	const random = new Random(1);
	const pieces = ['\\', String.raw`\x`, utf8('ü'), utf8('日本'), utf8('\u{202E}'), '\u{1B}', 'a', '4'];

	for (let run = 0; run < 3000; run++) {
		let raw = '';

		for (let length = random.below(12); length > 0; length--) {
			raw += random.below(2) === 0 ? pieces[random.below(pieces.length)]! : String.fromCodePoint(1 + random.below(255));
		}

		t.is(fromText(toText(raw)), raw);
		t.is(fromText(toScreen(raw)), raw);
		t.is(fromBytes(toBytes(raw)), raw);
	}
});

const hidden: ReadonlyArray<readonly [string, string]> = [
	['an escape sequence', '\u{1B}[2J'],
	['a line break', '\n'],
	['a tab', '\t'],
	['a carriage return', '\r'],
	['delete', '\u{7F}'],
	['a C1 control', '\u{9B}'],
	['right-to-left override', '\u{202E}'],
	['isolates', '\u{2066}\u{2069}'],
	['a zero-width space', '\u{200B}'],
	['a zero-width joiner', '\u{200D}'],
	['a soft hyphen', '\u{AD}'],
	['a line separator', '\u{2028}'],
	['a paragraph separator', '\u{2029}'],
	['private use', '\u{E000}'],
	['a Hangul filler', '\u{3164}'],
	['tag characters', '\u{E0041}'],
];

for (const [title, text] of hidden) {
	test(`a screen never shows ${title}`, t => {
		const raw = utf8(`safe${text}end`);
		const shown = toScreen(raw);
		t.regex(shown, /^safe(?:\\x[\da-f]{2}|\[2J)+end$/v);
		t.false(shown.includes(text));
		t.is(fromText(shown), raw);
	});
}

test('a screen shows ordinary text as it is', t => {
	const name = 'Grüße, 日本語 & Ελληνικά – 100 % 🗄.txt';
	t.is(toScreen(utf8(name)), name);
});

test('bytes and raw strings are the same, byte for byte', t => {
	const bytes = Uint8Array.from({length: 256}, (_, value) => value);
	t.deepEqual(toBytes(fromBytes(bytes)), bytes);
	const raw = fromBytes(bytes);
	t.is(raw.length, 256);
	t.true(isAscii(raw.slice(0, 128)));
	t.false(isAscii(raw.slice(0, 129)));
});

test('names join with a slash, and the root adds none', t => {
	t.is(joinRaw('', 'a'), 'a');
	t.is(joinRaw('a/b', 'c'), 'a/b/c');
});
