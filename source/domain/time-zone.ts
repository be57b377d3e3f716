/** Wall-clock times of a zone. Instants are milliseconds since 1970; a wall time is what the clock on the wall shows, written as if it were UTC. */
export type TimeZone = {
	/** Such as `Europe/Berlin`. */
	readonly name: string;
	/** What is added to the instant to get the wall time. */
	readonly offsetAt: (instant: number) => number;
};

const quarterMs = 900_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;
const mostRemembered = 10_000;

/**
A zone by its IANA name.
@throws RangeError for a name the platform does not know.
*/
export const timeZone = (name: string): TimeZone => {
	const format = new Intl.DateTimeFormat('en-GB', {
		timeZone: name, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
	});
	const known = new Map<number, number>();

	const offsetOf = (instant: number): number => {
		const offset = known.get(instant) ?? readOffset(format, instant);

		if (known.size >= mostRemembered) {
			known.clear();
		}

		known.set(instant, offset);

		return offset;
	};

	return {
		name,
		offsetAt(instant) {
			// No clock is changed twice a day, and only ever at full quarters of an hour.
			const day = Math.floor(instant / dayMs) * dayMs;
			const offset = offsetOf(day);

			return offset === offsetOf(day + dayMs) ? offset : offsetOf(Math.floor(instant / quarterMs) * quarterMs);
		},
	};
};

/** Where schedules are meant in another zone than times are shown in, both; `undefined`: they are the same. */
export const describeZones = (meant: string, shown = localTimeZone()): string | undefined => meant === shown ? undefined : `${meant}; times of runs are shown in ${shown}`;

/** The zone of this machine. */
export const localTimeZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

export const wallTimeOf = (instant: number, zone: TimeZone): number => instant + zone.offsetAt(instant);

/**
When the clock on the wall shows this time: the first of the two times where it is set back, and the moment it is set forward where it skips the time. So
something planned for a wall time happens exactly once a day.
*/
export const instantOfWallTime = (wall: number, zone: TimeZone): number => {
	// No offset is larger than a day, so one of them is from before any change near by and the other from after it.
	const offsets = [zone.offsetAt(wall - dayMs), zone.offsetAt(wall + dayMs)];
	const shown = offsets.map(offset => wall - offset).filter(instant => wallTimeOf(instant, zone) === wall);

	return shown.length > 0 ? Math.min(...shown) : findChange(wall, zone, offsets);
};

/** The first instant whose wall time is later than the skipped one. */
const findChange = (wall: number, zone: TimeZone, offsets: readonly number[]): number => {
	let before = Math.floor((wall - Math.max(...offsets) - hourMs) / quarterMs);
	let after = Math.ceil((wall - Math.min(...offsets) + hourMs) / quarterMs);

	while (after - before > 1) {
		const middle = Math.floor((before + after) / 2);

		if (wallTimeOf(middle * quarterMs, zone) > wall) {
			after = middle;
		} else {
			before = middle;
		}
	}

	return after * quarterMs;
};

const readOffset = (format: Intl.DateTimeFormat, instant: number): number => {
	const parts = new Map(format.formatToParts(instant).map(({type, value}) => [type, Number(value)]));
	const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type)!;

	return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) - instant;
};
