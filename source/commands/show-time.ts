import {formatAge} from '../domain/units.ts';

/** `2026-05-03 14:02`, in the server's time zone; `null` is a dash. */
export const showTime = (iso: string | null): string => {
	if (iso === null) {
		return '–';
	}

	const date = new Date(iso);
	const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');

	return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
};

/** `2 h ago`; `null` is `never`. */
export const showAge = (iso: string | null, now: Date): string => iso === null ? 'never' : formatAge(Date.parse(iso), now.getTime());

const two = (value: number): string => String(value).padStart(2, '0');
