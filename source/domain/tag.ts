import {UserError} from '../errors.ts';

export type Tag = {
	readonly name: string;
	/** `#rrggbb`, lower case. */
	readonly color: string;
};

/** Between black and white: as far from the one as from the other, so that it reads on dark and light terminals (4.5 : 1 on both). */
const readableLuminance = 0.179;

/**
A name that can be typed in a filter and in a list with commas.
@throws UserError `usage`
*/
export const checkTagName = (name: string): string => {
	if (!/^[\p{Letter}\p{Number}][\p{Letter}\p{Number}\-._]{0,31}$/v.test(name)) {
		throw new UserError(`"${name}" cannot be the name of a tag.`, {code: 'usage', hint: 'Use up to 32 letters, digits, dots, dashes and underscores.'});
	}

	return name;
};

/**
Reads a colour such as `#aabbcc`.
@throws UserError `usage`
*/
export const parseColor = (text: string): string => {
	if (!/^#[\da-f]{6}$/iv.test(text)) {
		throw new UserError(`"${text}" is no colour.`, {code: 'usage', hint: 'Write one such as \'#aabbcc\', or random.'});
	}

	return text.toLowerCase();
};

/** A colour of any hue that reads on dark and light terminals. `random` gives numbers from 0 to 1. */
export const randomColor = (random: () => number): string => {
	const hue = random() * 360;
	const saturation = 0.6 + (random() * 0.4);
	let [dark, light] = [0, 1];

	while (light - dark > 0.001) {
		const middle = (dark + light) / 2;
		[dark, light] = luminanceOf(toRgb({hue, saturation, lightness: middle})) < readableLuminance ? [middle, light] : [dark, middle];
	}

	return `#${toRgb({hue, saturation, lightness: dark}).map(part => Math.round(part * 255).toString(16).padStart(2, '0')).join('')}`;
};

type Rgb = readonly [number, number, number];
type Hsl = {readonly hue: number; readonly saturation: number; readonly lightness: number};

const toRgb = ({hue, saturation, lightness}: Hsl): Rgb => {
	const amount = saturation * Math.min(lightness, 1 - lightness);
	const part = (offset: number): number => {
		const place = (offset + (hue / 30)) % 12;

		return lightness - (amount * Math.max(-1, Math.min(place - 3, 9 - place, 1)));
	};

	return [part(0), part(8), part(4)];
};

/** As WCAG 2 defines it, from 0 to 1. */
const luminanceOf = (rgb: Rgb): number => {
	const [red, green, blue] = rgb.map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4) as [number, number, number];

	return (0.2126 * red) + (0.7152 * green) + (0.0722 * blue);
};
