/** What a backup holds of an account itself. */
import * as z from 'zod';
import type {AccountSettings, Identity} from '../../domain/account.ts';
import type {RawPath} from '../../domain/raw-name.ts';
import {parsePasswd} from '../../domain/unix-database.ts';
import type {UserDatabase} from './user-database.ts';

const membership = z.strictObject({name: z.string().min(1), gid: z.int().nonnegative()});

const nullableText = z.string().nullable();
const list = z.array(z.string());

const settings = z.strictObject({
	owner: nullableText,
	email: nullableText,
	tags: list,
	priorityGroup: nullableText,
	maxOnDemand: z.union([z.literal('global'), z.int()]),
	excludes: list,
	domains: list,
	databases: list,
	mailboxes: list,
});

/** Lines are raw, without their newlines. */
const accountRecord = z.strictObject({
	version: z.literal(1),
	passwd: z.string(),
	/** `null` where shadow does not know the account. */
	shadow: z.string().nullable(),
	/** Of its own group; `null` where there is none. */
	group: z.string().nullable(),
	/** Of the group that is named as the account; `null` where there is none. Not in older backups. */
	gshadow: z.string().nullable().optional(),
	/** The other groups it is in. */
	memberships: z.array(membership),
	settings,
});

export type AccountRecord = z.infer<typeof accountRecord>;

/** The account as it is now; `undefined` where the user database does not have it. */
export const recordOf = (account: Identity, {passwdLines, shadowLines, groupLines, gshadowLines, groups}: UserDatabase): AccountRecord | undefined => {
	const passwd = findLine(passwdLines, account.name);

	if (passwd === undefined) {
		return undefined;
	}

	const [user] = parsePasswd(passwd);
	const own = groups.find(({gid}) => gid === user!.gid);

	return {
		version: 1,
		passwd,
		shadow: findLine(shadowLines, account.name) ?? null,
		group: (own && findLine(groupLines, own.name)) ?? null,
		gshadow: own?.name === account.name ? findLine(gshadowLines, own.name) ?? null : null,
		memberships: groups.filter(({members}) => members.includes(account.name)).map(({name, gid}) => ({name, gid})),
		settings: settingsOf(account),
	};
};

export const settingsOf = ({owner, email, tags, priorityGroup, maxOnDemand, excludes, domains, databases, mailboxes}: Omit<AccountSettings, 'encryption'>): AccountRecord['settings'] => ({
	owner, email, tags: [...tags], priorityGroup, maxOnDemand, excludes: [...excludes], domains: [...domains], databases: [...databases], mailboxes: [...mailboxes],
});

/** The hash in a line of gshadow; none is not brought back. */
export const groupHashOf = ({gshadow}: Pick<AccountRecord, 'gshadow'>): string | null => {
	const hash = gshadow?.split(':', 2)[1] ?? '';

	return hash === '' ? null : hash;
};

/**
Reads what `JSON.stringify` made of a record.
@throws Error where it is none
*/
export const parseRecord = (text: string): AccountRecord => accountRecord.parse(JSON.parse(text));

const findLine = (lines: readonly string[], name: RawPath): string | undefined => lines.find(line => line.startsWith(`${name}:`));
