import {Buffer} from 'node:buffer';
import test from 'ava';
import {formatRecoveryKey, parseRecoveryKey} from '../../../source/engine/vault/recovery-key.ts';
import type {UserError} from '../../../source/errors.ts';
import {Random} from '../../benchmarks/random.ts';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const key = Buffer.from('000102030405060708090a0b0c0d0e0f1011f2e3d4c5b6a79880ff7fee6edd5d', 'hex');
const paper = formatRecoveryKey(key);
const lines = paper.split('\n');

const refuses = (text: string): UserError | undefined => {
	try {
		parseRecoveryKey(text);
		return undefined;
	} catch (error) {
		return error as UserError;
	}
};

test('property: a key comes back from its paper', t => {
	const random = new Random(3);

	for (let run = 0; run < 200; run++) {
		const bytes = random.bytes(32);
		t.deepEqual(parseRecoveryKey(formatRecoveryKey(bytes)), bytes);
	}
});

test('the paper has four numbered lines of four groups', t => {
	t.is(lines.length, 4);

	for (const [index, line] of lines.entries()) {
		t.regex(line, /^[1-4]: (?:[\dA-HJKMNP-TV-Z]{4}-){3}[\dA-HJKMNP-TV-Z]{4}$/v);
		t.is(line[0], String(index + 1));
	}
});

/** Where a line has letters. */
const positionsOf = (line: string): number[] => Array.from(line, (_, at) => at).filter(at => at >= 3 && line[at] !== '-');

const wrongLetters = (line: string): string[] => positionsOf(line).flatMap(at => {
	const others = [...alphabet].filter(letter => letter !== line[at]);

	return others.map(letter => `${line.slice(0, at)}${letter}${line.slice(at + 1)}`);
});

const swappedLetters = (line: string): string[] => positionsOf(line)
	.filter(at => at + 1 < line.length && line[at + 1] !== '-' && line[at + 1] !== line[at])
	.map(at => `${line.slice(0, at)}${line[at + 1]!}${line[at]!}${line.slice(at + 2)}`);

const slips: ReadonlyArray<readonly [string, (line: string) => string[], number]> = [
	['one wrong letter', wrongLetters, 16 * 31],
	['two letters in each other\'s place', swappedLetters, 8],
	['a letter too few', line => positionsOf(line).map(at => `${line.slice(0, at)}${line.slice(at + 1)}`), 16],
	['a letter too many', line => [...alphabet].map(letter => `${line}${letter}`), 32],
	['a sign that is no letter', line => [`${line.slice(0, -1)}U`, `${line.slice(0, -1)}_`], 2],
];

for (const [title, slip, least] of slips) {
	test(`${title} is named by its line`, t => {
		for (const [index, line] of lines.entries()) {
			const typed = slip(line);
			t.true(typed.length >= least, `${typed.length}`);

			for (const text of typed) {
				t.is(refuses(lines.with(index, text).join('\n'))?.message, `Line ${index + 1} of the recovery key has a typing slip.`, text);
			}
		}
	});
}

test('a line under another number is not taken for it', t => {
	const [first, second, third, fourth] = lines.map(line => line.slice(3));
	const error = refuses(`1: ${second}\n2: ${first}\n3: ${third}\n4: ${fourth}`);
	t.is(error?.code, 'key');
	t.regex(error?.message ?? '', /^Line 1 /v);
});

const zeroes = formatRecoveryKey(Buffer.alloc(32));
const ones = formatRecoveryKey(Buffer.alloc(32, 0b0000_1000_0100_0010_0001));

const tolerated: ReadonlyArray<readonly [string, (text: string) => string]> = [
	['lower case', text => text.toLowerCase()],
	['O for 0', text => text.replaceAll('0', 'O')],
	['o for 0', text => text.replaceAll('0', 'o')],
	['I for 1', text => text.replaceAll(/1(?!:)/gv, 'I')],
	['l for 1', text => text.replaceAll(/1(?!:)/gv, 'l')],
	['no dashes', text => text.replaceAll('-', '')],
	['blanks for dashes', text => text.replaceAll('-', ' ')],
	['indented lines, with blanks at their ends', text => text.split('\n').map(line => `\t ${line} \t`).join('\n')],
	['no blank after the number', text => text.replaceAll(': ', ':')],
	['a tab after the number', text => text.replaceAll(': ', ':\t')],
	['lines in another order', text => text.split('\n').toReversed().join('\n')],
	['line ends of another system', text => text.replaceAll('\n', '\r\n')],
	['other text around it', text => `Holdfast recovery key\n\n${text}\n\nKeep it away from this server.\n`],
];

for (const [title, change] of tolerated) {
	test(`typed with ${title}`, t => {
		for (const text of [paper, zeroes, ones]) {
			t.deepEqual(parseRecoveryKey(change(text)), parseRecoveryKey(text));
		}
	});
}

test('a missing line is named', t => {
	for (const index of lines.keys()) {
		const error = refuses(lines.toSpliced(index, 1).join('\n'));
		t.is(error?.message, `The recovery key lacks its line ${index + 1}.`);
		t.is(error?.code, 'key');
	}

	t.regex(refuses('')?.message ?? '', /line 1/v);
});
