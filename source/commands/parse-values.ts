import {endOfDay} from '../domain/calendar-day.ts';
import {UserError} from '../errors.ts';

/**
The whole number an operator typed.
@throws UserError `usage`
*/
export const parseNumber = (option: string, text: string): number => {
	if (!/^\d{1,9}$/v.test(text)) {
		throw new UserError(`--${option} must be a whole number, not "${text}".`, {code: 'usage', hint: `Write --${option} 14.`});
	}

	return Number(text);
};

/** As `parseNumber`; `undefined` stays so. */
export const parseOptionalNumber = (option: string, text: string | undefined): number | undefined => text === undefined ? undefined : parseNumber(option, text);

/**
A day or a time as an operator types it: `2026-12-31` is the end of that day, in the server's time zone; ISO 8601 is taken as it is.
@returns ISO 8601, UTC, milliseconds.
@throws UserError `usage`
*/
export const parseDate = (option: string, text: string): string => {
	const day = endOfDay(text);

	if (day !== undefined) {
		return day;
	}

	const time = new Date(text);
	const [date = ''] = text.split('T', 1);

	if (endOfDay(date) === undefined || !/^[^T]+T\d\d:\d\d/v.test(text) || Number.isNaN(time.getTime())) {
		throw new UserError(`--${option} must be a day, not "${text}".`, {code: 'usage', hint: `Write --${option} 2026-12-31, or a time such as 2026-12-31T18:00:00Z.`});
	}

	return time.toISOString();
};

/** A list that replaces another one: `none` alone empties it; nothing given leaves it as it is. */
export const parseReplacement = (values: readonly string[]): readonly string[] | undefined => {
	if (values.length === 0) {
		return undefined;
	}

	return values.length === 1 && values[0] === 'none' ? [] : values;
};
