/** The serial number in the text of a zone, by which its secondaries see that it changed. */

type Serial = {readonly value: number; readonly start: number; readonly end: number};

const tokenPattern = /;[^\n]*|"(?:[^"\\]|\\.)*"|[\(\)]|[^\s"\(\);]+/gsv;

/**
Finds it.
@throws Error where the zone has no SOA record that can be read
*/
export const findSerial = (text: string): Serial => {
	const tokens = text.matchAll(tokenPattern).filter(([token]) => !token.startsWith(';') && token !== '(' && token !== ')').toArray();
	// At the start of a line it would be a name.
	const soa = tokens.findIndex(({0: token, index}) => token.toUpperCase() === 'SOA' && index > 0 && text[index - 1] !== '\n');
	const serial = soa === -1 ? undefined : tokens[soa + 3];

	if (serial === undefined || !/^\d{1,10}$/v.test(serial[0]) || Number(serial[0]) >= modulus) {
		throw new Error('it has no SOA record with a serial number');
	}

	return {value: Number(serial[0]), start: serial.index, end: serial.index + serial[0].length};
};

export const withSerial = (text: string, value: number): string => {
	const {start, end} = findSerial(text);

	return `${text.slice(0, start)}${value}${text.slice(end)}`;
};

/** The serial of a live zone; `undefined` where it is too broken to have one. */
export const liveSerial = (text: string): number | undefined => {
	try {
		return findSerial(text).value;
	} catch {
		return undefined;
	}
};

/** Whether a live zone is what was stored, but for its serial number. */
export const isSameZone = (live: string, stored: string): boolean => liveSerial(live) !== undefined && withSerial(live, 0) === withSerial(stored, 0);

/** The serial of a zone that takes the place of another: the stored one where secondaries take it for newer, else the one after the live one (RFC 1982). */
export const nextSerial = (stored: number, live: number | undefined): number => {
	if (live === undefined) {
		return (stored + 1) % modulus;
	}

	const ahead = (stored - live + modulus) % modulus;

	return ahead > 0 && ahead < modulus / 2 ? stored : (live + 1) % modulus;
};

const modulus = 2 ** 32;
