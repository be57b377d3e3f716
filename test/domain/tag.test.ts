import test from 'ava';
import {checkTagName, parseColor, randomColor} from '../../source/domain/tag.ts';
import {UserError} from '../../source/errors.ts';
import {Random} from '../benchmarks/random.ts';

/** Luminance by WCAG 2, from the text of a colour. */
const luminance = (color: string): number => {
	const [red, green, blue] = [1, 3, 5].map(start => {
		const part = Number.parseInt(color.slice(start, start + 2), 16) / 255;

		return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
	}) as [number, number, number];

	return (0.2126 * red) + (0.7152 * green) + (0.0722 * blue);
};

test('random colours read on black and on white', t => {
	const random = new Random(7);
	const colors = Array.from({length: 500}, () => randomColor(() => random.below(10_000) / 10_000));

	for (const color of colors) {
		t.regex(color, /^#[\da-f]{6}$/v);
		t.true((luminance(color) + 0.05) / 0.05 > 4.3, color);
		t.true(1.05 / (luminance(color) + 0.05) > 4.3, color);
	}

	t.true(new Set(colors).size > 400);
});

test('colours and names', t => {
	t.is(parseColor('#AABBcc'), '#aabbcc');
	t.throws(() => parseColor('red'), {instanceOf: UserError});
	t.is(checkTagName('vip-1'), 'vip-1');

	for (const name of ['', 'a b', 'a,b', '!a', 'x'.repeat(33), 'a\u{1B}']) {
		t.throws(() => checkTagName(name), {instanceOf: UserError});
	}
});
