import type {Tone} from './span.ts';

/** The terminal's own colours around the wheel, from red on: tags keep the hue that was chosen, and the operator's own palette. */
const wheel: readonly Tone[] = ['bad', 'warning', 'good', 'accent', 'blue', 'violet'];

/** Of the terminal's colours the one nearest to `#rrggbb`. */
export const tagTone = (color: string): Tone => {
	const [red, green, blue] = [1, 3, 5].map(start => Number.parseInt(color.slice(start, start + 2), 16)) as [number, number, number];
	const largest = Math.max(red, green, blue);
	const range = largest - Math.min(red, green, blue);

	if (range < 24) {
		return 'plain';
	}

	return wheel[Math.round(sixthOf({
		red, green, blue, largest, range,
	})) % wheel.length]!;
};

type Parts = {readonly red: number; readonly green: number; readonly blue: number; readonly largest: number; readonly range: number};

/** The hue, from 0 to 6. */
const sixthOf = ({red, green, blue, largest, range}: Parts): number => {
	if (largest === red) {
		return ((((green - blue) / range) % 6) + 6) % 6;
	}

	return largest === green ? ((blue - red) / range) + 2 : ((red - green) / range) + 4;
};
