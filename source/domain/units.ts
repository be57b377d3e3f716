/** How quantities read, everywhere the same: on screens, in tables and in reasons. */
const byteUnits = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const;

/** `0 B`, `999 B`, `1.2 KB`, `640 MB`: powers of 1000, at most three digits; `–` for one that is not told. */
export const formatBytes = (bytes: number | null): string => {
	if (bytes === null) {
		return '–';
	}

	let value = Math.max(0, bytes);
	let unit = 0;

	while (value >= 999.5 && unit < byteUnits.length - 1) {
		value /= 1000;
		unit++;
	}

	const digits = unit > 0 && value < 9.95 ? value.toFixed(1) : String(Math.round(value));

	return `${digits} ${byteUnits[unit]!}`;
};

/** `12,345`. Not by the platform's number formats: loading them costs a command 25 ms. */
export const formatCount = (count: number | null): string => {
	if (count === null) {
		return '–';
	}

	const digits = String(Math.round(count));
	const groups: string[] = [];

	for (let end = digits.length; end > 0; end -= 3) {
		groups.unshift(digits.slice(Math.max(0, end - 3), end));
	}

	return groups.join(',');
};

/** `1 file`, `12,345 files`; a plural that is not the singular and an s is given. */
export const countOf = (count: number | null, singular: string, plural = `${singular}s`): string => count === null ? plural : `${formatCount(count)} ${count === 1 ? singular : plural}`;

/** `4 s`, `3 min`, `2 h 10 min`, `3 d 4 h`. */
export const formatDuration = (seconds: number): string => {
	const whole = Math.max(0, Math.round(seconds));

	if (whole < 60) {
		return `${whole} s`;
	}

	const minutes = Math.round(whole / 60);

	if (minutes < 60) {
		return `${minutes} min`;
	}

	const hours = Math.floor(minutes / 60);

	return hours < 48 ? pair([hours, 'h'], [minutes % 60, 'min']) : pair([Math.floor(hours / 24), 'd'], [hours % 24, 'h']);
};

/** `just now`, `5 min ago`, `2 h ago`, `12 d ago`; a time to come is `in 3 h`. Both in milliseconds since 1970. */
export const formatAge = (then: number, now: number): string => {
	const seconds = Math.abs(now - then) / 1000;

	if (seconds < 45) {
		return 'just now';
	}

	return now >= then ? `${largestUnit(seconds)} ago` : `in ${largestUnit(seconds)}`;
};

/** When something comes next: `due now`, `in a moment`, `in 3 h`. */
export const formatNext = (then: number, now: number): string => {
	if (then <= now) {
		return 'due now';
	}

	return then - now < 45_000 ? 'in a moment' : formatAge(then, now);
};

/** The day of an ISO time, in UTC: `2026-05-03`. */
export const formatDay = (iso: string): string => iso.slice(0, 10);

/** As `2026-11-22 19:06`, UTC. */
export const formatMinute = (iso: string): string => iso.slice(0, 16).replace('T', ' ');

const largestUnit = (seconds: number): string => {
	const minutes = Math.round(seconds / 60);

	if (minutes < 60) {
		return `${minutes} min`;
	}

	const hours = Math.round(seconds / 3600);

	return hours < 24 ? `${hours} h` : `${Math.round(seconds / 86_400)} d`;
};

const pair = ([large, largeUnit]: readonly [number, string], [small, smallUnit]: readonly [number, string]): string =>
	small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
