import {formatAge, formatNext} from '../../domain/units.ts';
import {glyph} from './appearance.ts';

/** `2026-05-03 14:02`, in the server's time zone; `null` is a dash. */
export const showTime = (iso: string | null): string => iso === null ? glyph('none') : localTime(new Date(iso));

/** `2 h ago`; `null` is `never`. */
export const showAge = (iso: string | null, now: Date): string => iso === null ? 'never' : formatAge(Date.parse(iso), now.getTime());

/** `in 2 h`, `due now`. */
export const showNext = (iso: string, now: Date): string => formatNext(Date.parse(iso), now.getTime());

/** As `showTime`, from nanoseconds since 1970; what no calendar holds is a dash. */
export const showNanoseconds = (nanoseconds: bigint): string => {
	const date = new Date(Number(nanoseconds / 1_000_000n));

	return Number.isNaN(date.getTime()) ? glyph('none') : localTime(date);
};

const localTime = (date: Date): string =>
	`${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;

const two = (value: number): string => String(value).padStart(2, '0');
