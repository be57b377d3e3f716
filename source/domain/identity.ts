/**
Which accounts are the ones known before. A customer who got the name of a former one must never see the former one's backups, and neither an unmounted
disk nor a broken user database may make customers strangers to their own.
*/
import {defaultAccountSettings, type Identity} from './account.ts';
import {countOf} from './units.ts';
import type {RawPath} from './raw-name.ts';
import type {SourceAccount} from './source-account.ts';

export type HomeFacts =
	| {readonly type: 'present'; readonly inode: string; readonly birthNs: string | null}
	/** `reason` completes "alice: …". */
	| {readonly type: 'missing'; readonly reason: string};

export type IdentityFacts = {
	readonly accounts: readonly SourceAccount[];
	/** By the account's name. */
	readonly homes: ReadonlyMap<RawPath, HomeFacts>;
	readonly known: readonly Identity[];
	/** UUIDs of identities that have backups. */
	readonly withBackups: ReadonlySet<string>;
	readonly inactiveDays: number;
	readonly now: Date;
	readonly newUuid: () => string;
	/**
	Names whose homes are the right ones although they changed, as an administrator confirmed, or as Holdfast itself is about to make them: a missing home is
	unbound, so that the next one seen is taken for theirs. `all`: all homes that are there, and all accounts that are gone.
	*/
	readonly rebinding?: ReadonlySet<RawPath> | 'all';
};

type IdentityChange = {
	readonly uuid: string;
	readonly name: RawPath;
	readonly type: 'created' | 'returned' | 'rebound' | 'updated' | 'turnedInactive' | 'dropped';
	readonly reason: string;
};

export type IdentityDecision = {
	readonly identities: readonly Identity[];
	/** Empty when only times of last sight moved. */
	readonly changes: readonly IdentityChange[];
	/** Whether `identities` differs from `known` at all. */
	readonly isChanged: boolean;
	/** What is wrong with single accounts, by UUID: a missing home, a home that changed. */
	readonly notes: ReadonlyMap<string, string>;
	/** Why nothing, or less than asked for, was changed; a sentence each. */
	readonly problems: readonly string[];
};

type Match = {
	readonly account: SourceAccount;
	readonly home: HomeFacts;
	readonly identity: Identity | undefined;
	readonly type: 'same' | 'moved' | 'new';
};

const dayMs = 86_400_000;
const refreshMs = 3_600_000;
const fewestMovedHomes = 3;
const fewestForVanishing = 10;

export const decideIdentities = (facts: IdentityFacts): IdentityDecision => {
	const namesakes = Map.groupBy(facts.known, ({name}) => name);
	const matches = facts.accounts.map(account => matchAccount(account, namesakes.get(account.name) ?? [], facts));
	const moved = matches.filter(({type}) => type === 'moved');
	const compared = matches.filter(({type}) => type !== 'new');

	return moved.length >= fewestMovedHomes && moved.length * 2 > compared.length ? changeNothing(facts, moved, compared.length) : applyMatches(facts, matches);
};

/** One account's identity among those known: the one with this very home, else the live one of this name and UID. */
const matchAccount = (account: SourceAccount, namesakes: readonly Identity[], {homes, rebinding}: IdentityFacts): Match => {
	const home: HomeFacts = homes.get(account.name) ?? {type: 'missing', reason: 'its home was not looked at'};
	const candidates = namesakes.filter(({uid}) => uid === account.uid);
	const live = candidates.find(({status}) => status !== 'inactive');
	const exact = home.type === 'present' ? candidates.find(identity => hasHome(identity, home)) : undefined;
	const identity = exact ?? live;

	if (identity === undefined) {
		return {
			account, home, identity, type: 'new',
		};
	}

	const isSame = exact !== undefined || home.type === 'missing' || identity.homeInode === null || rebinding === 'all' || rebinding?.has(account.name);

	return {
		account, home, identity, type: isSame ? 'same' : 'moved',
	};
};

/** Inode numbers are used again; the birth time tells the homes apart where the file system keeps it. */
const hasHome = ({homeInode, homeBirthNs}: Identity, home: HomeFacts & {type: 'present'}): boolean =>
	homeInode === home.inode && (homeBirthNs === null || homeBirthNs === home.birthNs);

const changeNothing = ({known}: IdentityFacts, moved: readonly Match[], comparedCount: number): IdentityDecision => ({
	identities: known,
	changes: [],
	isChanged: false,
	notes: new Map(moved.map(({identity}) => [identity!.uuid, 'its home is not the one it was'])),
	problems: [`The homes of ${moved.length} of ${countOf(comparedCount, 'account')} are not the ones they were (a moved /home?). Nothing is changed until an administrator says with "holdfast account rebind --all" that they are the right ones.`],
});

const applyMatches = (facts: IdentityFacts, matches: readonly Match[]): IdentityDecision => {
	const changes: IdentityChange[] = [];
	const notes = new Map<string, string>();
	const seen = new Map(matches.map(match => {
		const identity = identityOf(match, facts, changes);

		if (match.home.type === 'missing') {
			notes.set(identity.uuid, match.home.reason);
		}

		return [identity.uuid, identity] as const;
	}));
	const gone = facts.known.filter(({uuid}) => !seen.has(uuid));
	const {kept, problems} = keepGone({
		facts, gone, changes, notes,
	});
	const old = facts.known.flatMap(({uuid}) => seen.get(uuid) ?? kept.get(uuid) ?? []);
	const knownIds = new Set(facts.known.map(({uuid}) => uuid));
	const added = [...seen].filter(([uuid]) => !knownIds.has(uuid)).map(([, identity]) => identity);
	const identities = [...old, ...added];
	const isChanged = identities.length !== facts.known.length || identities.some((identity, index) => identity !== facts.known[index]);

	return {
		// The same list again tells whoever worked something out from it that it holds.
		identities: isChanged ? identities : facts.known, changes, notes, problems, isChanged,
	};
};

/** The identity of an account that its source has now. */
const identityOf = (match: Match, {now, newUuid, rebinding}: IdentityFacts, changes: IdentityChange[]): Identity => {
	const {account, home, identity, type} = match;
	const time = now.toISOString();

	if (identity === undefined || type !== 'same') {
		const created: Identity = {
			...defaultAccountSettings,
			uuid: newUuid(),
			firstSeenAt: time,
			hadBackupAt: null,
			...liveFacts(account, home, time),
		};

		changes.push({
			uuid: created.uuid, name: account.name, type: 'created', reason: type === 'moved' ? 'its home is another one: the name was removed and made again' : 'first seen',
		});

		return created;
	}

	if (rebinding === undefined && isUnchanged(identity, match) && now.getTime() - Date.parse(identity.lastSeenAt) < refreshMs) {
		return identity;
	}

	const isUnbound = rebinding !== undefined && rebinding !== 'all' && rebinding.has(account.name);
	const binding = home.type === 'missing' && !isUnbound && {homeInode: identity.homeInode, homeBirthNs: identity.homeBirthNs};
	const updated: Identity = {...identity, ...liveFacts(account, home, time), ...binding};
	const change = describeChange(identity, updated);

	if (change !== undefined) {
		changes.push({uuid: identity.uuid, name: account.name, ...change});
		return updated;
	}

	return now.getTime() - Date.parse(identity.lastSeenAt) >= refreshMs ? updated : identity;
};

/** Asked for each of thousands of accounts, of which hardly any changed: told without making it anew. */
const isUnchanged = (identity: Identity, {account, home}: Match): boolean => identity.status === (account.isSuspended ? 'suspended' : 'active')
	&& identity.gid === account.gid
	&& identity.home === account.home
	&& (home.type === 'missing' || (identity.homeInode === home.inode && identity.homeBirthNs === home.birthNs));

const liveFacts = ({name, uid, gid, home, isSuspended}: SourceAccount, facts: HomeFacts, time: string) => ({
	name,
	uid,
	gid,
	home,
	homeInode: facts.type === 'present' ? facts.inode : null,
	homeBirthNs: facts.type === 'present' ? facts.birthNs : null,
	lastSeenAt: time,
	inactiveSince: null,
	status: isSuspended ? 'suspended' as const : 'active' as const,
});

const describeChange = (before: Identity, after: Identity): Pick<IdentityChange, 'type' | 'reason'> | undefined => {
	if (before.status === 'inactive') {
		return {type: 'returned', reason: 'the same user with the same home is back'};
	}

	if (before.homeInode !== after.homeInode || before.homeBirthNs !== after.homeBirthNs) {
		return {type: 'rebound', reason: before.homeInode === null ? 'its home was seen for the first time' : 'its home of now was said to be the right one'};
	}

	if (before.status !== after.status) {
		return {type: 'updated', reason: `it is ${after.status} now`};
	}

	return before.gid === after.gid && before.home === after.home ? undefined : {type: 'updated', reason: 'its group or the path of its home changed'};
};

type GoneRequest = {
	readonly facts: IdentityFacts;
	readonly gone: readonly Identity[];
	readonly changes: IdentityChange[];
	readonly notes: Map<string, string>;
};

/** Identities that no account of the source has: they turn inactive, and are forgotten in the end if they have no backups. */
const keepGone = ({facts, gone, changes, notes}: GoneRequest): {kept: ReadonlyMap<string, Identity>; problems: readonly string[]} => {
	const live = facts.known.filter(({status}) => status !== 'inactive');
	const names = new Set(facts.accounts.map(({name}) => name));
	const vanished = new Set(gone.filter(({status, name}) => status !== 'inactive' && !names.has(name)));
	const isTooMany = live.length >= fewestForVanishing && vanished.size * 2 > live.length && facts.rebinding !== 'all';
	const kept = new Map<string, Identity>();

	for (const identity of gone) {
		if (isTooMany && vanished.has(identity)) {
			notes.set(identity.uuid, 'it is gone from the account source');
			kept.set(identity.uuid, identity);
			continue;
		}

		const remaining = identity.status === 'inactive' ? keepInactive(identity, facts) : turnInactive(identity, facts, changes);

		if (remaining === undefined) {
			changes.push({
				uuid: identity.uuid, name: identity.name, type: 'dropped', reason: 'removed, and without backups for longer than accounts.inactiveDays',
			});
		} else {
			kept.set(identity.uuid, remaining);
		}
	}

	return {
		kept,
		problems: isTooMany ? [`${vanished.size} of ${live.length} known accounts are gone at once. None of them is taken for removed until an administrator says so with "holdfast account rebind --all".`] : [],
	};
};

const turnInactive = (identity: Identity, {now}: IdentityFacts, changes: IdentityChange[]): Identity => {
	changes.push({
		uuid: identity.uuid, name: identity.name, type: 'turnedInactive', reason: 'its user is gone or is another one',
	});

	return {...identity, status: 'inactive', inactiveSince: now.toISOString()};
};

const keepInactive = (identity: Identity, {withBackups, inactiveDays, now}: IdentityFacts): Identity | undefined => {
	const sinceBackup = now.getTime() - Date.parse(identity.hadBackupAt ?? identity.firstSeenAt);

	if (withBackups.has(identity.uuid)) {
		return identity.hadBackupAt === null || sinceBackup >= refreshMs ? {...identity, hadBackupAt: now.toISOString()} : identity;
	}

	const sinceSeen = now.getTime() - Date.parse(identity.lastSeenAt);

	return Math.min(sinceSeen, sinceBackup) > inactiveDays * dayMs ? undefined : identity;
};
