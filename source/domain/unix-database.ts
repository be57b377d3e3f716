/** The files passwd, shadow and group as they are on disk (raw names). Anything that cannot be understood makes the whole file unusable: half a file looks like removed accounts. */
import type {RawPath} from './raw-name.ts';

export type PasswdEntry = {
	readonly name: RawPath;
	/** `x` where the hash is in shadow. */
	readonly password: RawPath;
	readonly uid: number;
	readonly gid: number;
	readonly home: RawPath;
	readonly shell: RawPath;
};

export type ShadowEntry = {
	readonly password: RawPath;
	/** Day since 1970 from which on the account is expired; `null`: never. */
	readonly expiresOnDay: number | null;
};

export type GroupEntry = {readonly name: RawPath; readonly gid: number; readonly members: readonly RawPath[]};

/** Why a file cannot be used: completes "line 3 …". */
export class UnixDatabaseError extends Error {
	override readonly name = 'UnixDatabaseError';
}

const largestId = 4_294_967_295;

/**
In the order of the file.
@throws UnixDatabaseError
*/
export const parsePasswd = (text: string): readonly PasswdEntry[] => records(text, {
	fieldCount: 7, parse(fields) {
		const [name, password, uid, gid, , home, shell] = fields as [string, string, string, string, string, string, string];

		return {
			name, password, uid: parseId(uid), gid: parseId(gid), home, shell,
		};
	},
});

/**
By name.
@throws UnixDatabaseError
*/
export const parseShadow = (text: string): ReadonlyMap<RawPath, ShadowEntry> => new Map(records(text, {
	fieldCount: 9, parse(fields) {
		const [name, password] = fields as [string, string];
		const day = fields[7]!;

		if (!/^(?:-?\d+)?$/v.test(day)) {
			throw new UnixDatabaseError('has no number as its day of expiry');
		}

		return [name, {password, expiresOnDay: day === '' || Number(day) < 0 ? null : Number(day)}] as const;
	},
}).toReversed());

/**
In the order of the file.
@throws UnixDatabaseError
*/
export const parseGroup = (text: string): readonly GroupEntry[] => records(text, {
	fieldCount: 4, parse(fields) {
		const [name, , gid, members] = fields as [string, string, string, string];

		return {name, gid: parseId(gid), members: members.split(',').filter(member => member !== '')};
	},
});

/** Expired, or `!` before a hash that is there: `!`, `!!`, `*` and `!*` never had one. */
export const isSuspended = ({password, expiresOnDay}: ShadowEntry, today: Date): boolean => {
	const day = Math.floor(today.getTime() / 86_400_000);
	const hash = password.replace(/^!+/v, '');

	return (expiresOnDay !== null && day >= expiresOnDay) || (password.startsWith('!') && hash !== '' && hash !== '*');
};

type RecordShape<Entry> = {readonly fieldCount: number; readonly parse: (fields: readonly string[]) => Entry};

const records = <Entry>(text: string, {fieldCount, parse}: RecordShape<Entry>): readonly Entry[] => {
	const entries: Entry[] = [];

	for (const [index, line] of text.split('\n').entries()) {
		if (isIgnored(line)) {
			continue;
		}

		try {
			entries.push(parse(splitRecord(line, fieldCount)));
		} catch (error) {
			throw new UnixDatabaseError(`line ${index + 1} ${(error as Error).message}`, {cause: error});
		}
	}

	return entries;
};

/** Empty lines, comments, and the lines of NIS compatibility mode name no account. */
const isIgnored = (line: string): boolean => line.trim() === '' || /^[#+\-]/v.test(line);

const splitRecord = (line: string, fieldCount: number): readonly string[] => {
	const fields = line.split(':');

	if (line.includes('\0') || fields.length !== fieldCount || fields[0] === '') {
		throw new UnixDatabaseError(`has not ${fieldCount} fields`);
	}

	return fields;
};

const parseId = (text: string): number => {
	if (!/^\d{1,10}$/v.test(text) || Number(text) > largestId) {
		throw new UnixDatabaseError('has no number as its id');
	}

	return Number(text);
};
