import {millisecondsOf} from '../domain/iso-time.ts';
import {formatAge, formatNext} from '../domain/units.ts';

/** `2026-05-03 14:02`, in the server's time zone; `null` is a dash. */
export const showTime = (iso: string | null): string => iso === null ? '–' : showMinute(Date.parse(iso));

/** The minutes of long lists come again and again. */
const knownMinutes = new Map<number, string>();
const mostKnown = 4096;

/** The same of a file's time in nanoseconds since 1970. */
export const showFileTime = (nanoseconds: bigint): string => {
	const minute = Math.floor(millisecondsOf(nanoseconds) / 60_000);
	const known = knownMinutes.get(minute);

	if (known !== undefined) {
		return known;
	}

	if (knownMinutes.size >= mostKnown) {
		knownMinutes.clear();
	}

	const shown = showMinute(minute * 60_000);
	knownMinutes.set(minute, shown);

	return shown;
};

const showMinute = (milliseconds: number): string => {
	const date = new Date(milliseconds);
	const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');

	return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
};

/** `2 h ago`; `null` is `never`. */
export const showAge = (iso: string | null, now: Date): string => iso === null ? 'never' : formatAge(Date.parse(iso), now.getTime());

/** `in 2 h`, `due now`. */
export const showNext = (iso: string, now: Date): string => formatNext(Date.parse(iso), now.getTime());

const two = (value: number): string => String(value).padStart(2, '0');
