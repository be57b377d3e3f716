import {
	decideIdentities,
	type HomeFacts,
	type IdentityDecision,
	type IdentityFacts,
} from '../domain/identity.ts';
import type {Identity} from '../domain/account.ts';
import type {RawPath} from '../domain/raw-name.ts';
import type {HiddenAccounts, SourceAccount} from '../domain/source-account.ts';
import {AccountSourceError, type AccountSource, type SourceReading} from '../system/account-source/account-source.ts';
import {linuxSource} from '../system/account-source/linux.ts';
import type {Clock} from '../system/clock.ts';
import {readHomeFacts} from '../system/home-facts.ts';
import {newUuid} from '../system/new-identifier.ts';
import {createTurns} from '../system/turns.ts';
import {readBackupDigests} from './backup-digests.ts';
import {settingValue} from './read-setting.ts';
import type {Store} from './store.ts';

/** The accounts as of now: what the source has, and which identities these are. */
export type KnownAccounts = {
	readonly identities: readonly Identity[];
	/** By UUID; without those that the source does not have. */
	readonly live: ReadonlyMap<string, SourceAccount>;
	readonly hidden: readonly HiddenAccounts[];
	/** What is wrong with single accounts, by UUID: completes "alice: …". */
	readonly notes: ReadonlyMap<string, string>;
	/** Sentences: why the source could not be followed. */
	readonly problems: readonly string[];
};

export type RefreshOptions = {
	readonly clock: Clock;
	/** Names whose homes of now, or next ones where they are missing, are theirs. */
	readonly rebinding?: IdentityFacts['rebinding'];
};

/**
Reads the account source, decides which of its accounts are the known ones, and saves what changed (a read-only store keeps it to itself). A broken source
changes nothing and is among the problems.
*/
export const refreshAccounts = async (store: Store, {clock, rebinding}: RefreshOptions): Promise<KnownAccounts> => {
	const source = await openSource(store);
	const now = clock.now();
	let reading: SourceReading;

	try {
		reading = await source.read(now);
	} catch (error) {
		if (error instanceof AccountSourceError) {
			return withoutSource(store, error);
		}

		throw error;
	}

	const facts = await gatherFacts(store, {reading, now, rebinding});
	const {identities} = await store.read('accounts');
	const decision = decideIdentities({...facts, known: identities});

	if (!decision.isChanged || store.isReadOnly) {
		return describe(decision, reading);
	}

	// Another process may have been quicker: what is saved is decided again from what is there then.
	return store.update('accounts', undefined, draft => {
		const saved = decideIdentities({...facts, known: draft.identities});
		draft.identities = [...saved.identities];

		return describe(saved, reading);
	});
};

const openSource = async (store: Store): Promise<AccountSource> => {
	const {values} = await store.read('settings');

	return linuxSource({
		passwd: settingValue(store, values, 'accounts.passwd'),
		shadow: settingValue(store, values, 'accounts.shadow'),
		group: settingValue(store, values, 'accounts.group'),
		uidMax: settingValue(store, values, 'accounts.uidMax'),
	});
};

const withoutSource = async (store: Store, error: AccountSourceError): Promise<KnownAccounts> => {
	const {identities} = await store.read('accounts');

	return {
		identities, live: new Map(), hidden: [], notes: new Map(), problems: [`The accounts cannot be read, so nothing about them is changed: ${error.message}`],
	};
};

type GatherRequest = {readonly reading: SourceReading; readonly now: Date; readonly rebinding: IdentityFacts['rebinding']};

const gatherFacts = async (store: Store, {reading, now, rebinding}: GatherRequest): Promise<Omit<IdentityFacts, 'known'>> => {
	const {values} = await store.read('settings');

	return {
		accounts: reading.accounts,
		homes: await readHomes(reading.accounts),
		withBackups: await findInactiveWithBackups(store),
		inactiveDays: settingValue(store, values, 'accounts.inactiveDays'),
		now,
		newUuid,
		...(rebinding !== undefined && {rebinding}),
	};
};

const readHomes = async (accounts: readonly SourceAccount[]): Promise<IdentityFacts['homes']> => {
	const homes = new Map<RawPath, HomeFacts>();
	const othersTurn = createTurns();

	for (const {name, home} of accounts) {
		await othersTurn();
		homes.set(name, readHomeFacts(home));
	}

	return homes;
};

const findInactiveWithBackups = async (store: Store): Promise<ReadonlySet<string>> => {
	const {identities} = await store.read('accounts');
	const readings = await readBackupDigests(store, {keys: identities.filter(({status}) => status === 'inactive').map(({uuid}) => uuid)});

	// What cannot be told may be there.
	return new Set([...readings].filter(([, {digest, problem}]) => problem !== undefined || digest.count > 0).map(([uuid]) => uuid));
};

const describe = ({identities, notes, problems}: IdentityDecision, {accounts, hidden}: SourceReading): KnownAccounts => {
	const byName = new Map<RawPath, SourceAccount>(accounts.map(account => [account.name, account]));
	const live = new Map<string, SourceAccount>();

	for (const {uuid, name, uid, status} of identities) {
		const account = byName.get(name);

		if (status !== 'inactive' && account?.uid === uid) {
			live.set(uuid, account);
		}
	}

	return {
		identities, live, hidden, notes, problems,
	};
};
