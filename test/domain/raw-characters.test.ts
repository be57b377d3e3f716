import {Buffer} from 'node:buffer';
import test from 'ava';
import {characterAt, charactersOf, widthOf} from '../../source/domain/raw-characters.ts';
import {Random} from '../benchmarks/random.ts';

const raw = (text: string): string => Buffer.from(text).toString('latin1');

test('text becomes its code points', t => {
	for (const text of ['', 'plain', 'Grüße', '日本語', '🗄 file', '\u{7F}\u{80}\u{7FF}\u{800}\u{FFFF}\u{10000}\u{10FFFF}']) {
		t.deepEqual(charactersOf(raw(text)), Array.from(text, character => character.codePointAt(0)!));
	}
});

test('a byte that is no text is a character of its own, above all code points', t => {
	for (const bytes of ['\u{FF}', '\u{80}', '\u{C3}', '\u{C0}\u{AF}', '\u{E6}\u{97}', '\u{ED}\u{A0}\u{80}', '\u{F4}\u{90}\u{80}\u{80}', '\u{F8}\u{88}\u{80}\u{80}\u{80}', '\u{E0}\u{80}\u{80}']) {
		const characters = charactersOf(bytes);
		t.is(characters.length, bytes.length);
		t.true(characters.every(character => character > 0x10_FF_FF));
		t.is(new Set(characters).size, new Set(bytes).size);
	}
});

test('property: characters take all bytes, and are text exactly where a strict decoder says so', t => {
	const random = new Random(13);
	// eslint-disable-next-line @typescript-eslint/naming-convention -- the platform's name
	const decoder = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true});
	const pieces = ['a', '/', raw('ü'), raw('日'), raw('🗄'), '\u{C3}', '\u{A4}', '\u{E6}\u{97}', '\u{F0}\u{9F}', '\u{FF}'];

	for (let run = 0; run < 3000; run++) {
		const bytes = Array.from({length: random.below(8)}, () => pieces[random.below(pieces.length)]!).join('');
		let start = 0;

		while (start < bytes.length) {
			const character = characterAt(bytes, start);
			const width = widthOf(character);
			const taken = Buffer.from(bytes.slice(start, start + width), 'latin1');
			t.is(character > 0x10_FF_FF ? 1 : taken.length, width);
			t.is(character > 0x10_FF_FF ? character & 0xFF : decoder.decode(taken).codePointAt(0)!, character > 0x10_FF_FF ? taken[0]! : character);
			start += width;
		}

		t.is(start, bytes.length);
	}
});
