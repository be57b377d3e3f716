import type {RawPath} from './raw-name.ts';
import {
	type GroupEntry,
	type PasswdEntry,
	type ShadowEntry,
	isSuspended,
} from './unix-database.ts';

/** An account as its source has it now. */
export type SourceAccount = {
	readonly name: RawPath;
	readonly uid: number;
	readonly gid: number;
	/** Absolute. */
	readonly home: RawPath;
	readonly shell: RawPath;
	readonly isSuspended: boolean;
	/** A live member of sudo or wheel. */
	readonly isAdministrator: boolean;
};

/** Entries of the source that are no accounts, counted by reason. */
export type HiddenAccounts = {readonly reason: string; readonly count: number};

export type SelectedAccounts = {readonly accounts: readonly SourceAccount[]; readonly hidden: readonly HiddenAccounts[]};

type UnixFacts = {
	readonly passwd: readonly PasswdEntry[];
	readonly shadow: ReadonlyMap<RawPath, ShadowEntry>;
	readonly group: readonly GroupEntry[];
	readonly uidMax: number;
	readonly today: Date;
};

/** Lower ids belong to the system: they are never listed, backed up, restored or created. */
const firstAccountId = 1000;
/** Nobody and nogroup. */
const nobodyId = 65_534;
const administratorGroups = new Set(['sudo', 'wheel']);

/** Tells the accounts among the entries of passwd from those of the system. */
export const selectAccounts = ({passwd, shadow, group, uidMax, today}: UnixFacts): SelectedAccounts => {
	const administrators = administratorsOf(passwd, group);
	const accounts = new Map<RawPath, SourceAccount>();
	const hidden = new Map<string, number>();

	for (const entry of passwd) {
		const reason = accounts.has(entry.name) ? 'name used before' : reasonToHide(entry, uidMax);

		if (reason === undefined) {
			const {name, uid, gid, home, shell, password} = entry;

			accounts.set(name, {
				name,
				uid,
				gid,
				home,
				shell,
				isSuspended: isSuspended(shadow.get(name) ?? {password, expiresOnDay: null}, today),
				isAdministrator: administrators.has(name),
			});
		} else {
			hidden.set(reason, (hidden.get(reason) ?? 0) + 1);
		}
	}

	return {
		accounts: Array.from(accounts, ([, account]) => account),
		hidden: Array.from(hidden, ([reason, count]) => ({reason, count})),
	};
};

const reasonToHide = ({name, uid, gid, home}: PasswdEntry, uidMax: number): string | undefined => {
	if (uid < firstAccountId) {
		return `UID below ${firstAccountId}`;
	}

	if (uid === nobodyId || gid === nobodyId) {
		return `id ${nobodyId} (nobody)`;
	}

	if (gid < firstAccountId) {
		return `GID below ${firstAccountId}`;
	}

	if (uid > uidMax) {
		return `UID above ${uidMax}`;
	}

	if (/[\0-\u{20}\/\u{7F}]/v.test(name)) {
		return 'name no account can have';
	}

	return home.startsWith('/') ? undefined : 'no absolute path as home';
};

const administratorsOf = (passwd: readonly PasswdEntry[], group: readonly GroupEntry[]): ReadonlySet<RawPath> => {
	const groups = group.filter(({name}) => administratorGroups.has(name));
	const ids = new Set(groups.map(({gid}) => gid));
	const primary = passwd.filter(({gid}) => ids.has(gid)).map(({name}) => name);

	return new Set([...groups.flatMap(({members}) => members), ...primary]);
};
