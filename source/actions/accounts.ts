import type {Identity} from '../domain/account.ts';
import {
	isMatching,
	sortAccounts,
	viewAccount,
	type AccountSort,
	type AccountView,
} from '../domain/account-view.ts';
import {digestBackups} from '../domain/backup-digest.ts';
import {viewBackup, type Limits} from '../domain/backup-view.ts';
import {findAccount} from '../domain/find-account.ts';
import {fromText, type RawPath} from '../domain/raw-name.ts';
import type {HiddenAccounts} from '../domain/source-account.ts';
import type {UserError} from '../errors.ts';
import {refreshAccounts, type KnownAccounts} from '../state/refresh-accounts.ts';
import {readBackupDigests, type BackupDigestReading} from '../state/backup-digests.ts';
import type {DigestOptions, ReadingProgress} from '../state/digests.ts';
import {tryReadBackups} from '../state/read-backups.ts';
import type {Store} from '../state/store.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';
import {seenIdentities} from './limits.ts';

export type ListAccountsInput = {
	/** `live`, the default: active and suspended ones. */
	readonly status?: 'live' | 'active' | 'suspended' | 'inactive' | 'all';
	readonly tag?: string;
	/** Name of the owning reseller, as text. */
	readonly owner?: string;
	/** Words that must all be in the name or a tag; `!word` must not. */
	readonly filter?: string;
	/** By name unless said otherwise. */
	readonly sort?: AccountSort;
	readonly onProgress?: ReadingProgress | undefined;
};

export type AccountList = {
	readonly accounts: readonly AccountView[];
	readonly hiddenCount: number;
	readonly hidden: readonly HiddenAccounts[];
	/** Why the account source could not be followed, as sentences. */
	readonly problem: string | null;
	/** Accounts whose backups cannot be told, because the file that says so is damaged; they count none. */
	readonly damage: readonly UserError[];
};

export const listAccounts = action('listAccounts', async (context: Context, input: ListAccountsInput = {}): Promise<AccountList> => viewKnown(context, await refreshAccounts(context.store, context), input));

/** As `listAccounts`, of accounts that were just read. */
export const viewKnown = async (context: Context, known: KnownAccounts, {status = 'live', tag, owner, filter = '', sort, onProgress}: ListAccountsInput = {}): Promise<AccountList> => {
	const ownerName = owner === undefined ? undefined : fromText(owner);
	const {limits, identities} = await seenIdentities(context, known.identities);
	const chosen = identities.filter(identity =>
		hasStatus(identity, status)
		&& (tag === undefined || identity.tags.includes(tag))
		&& (ownerName === undefined || identity.owner === ownerName)
		&& isMatching(identity, filter));

	const {views, damage} = await viewAccounts(context, {known, limits, onProgress}, chosen);

	return {
		accounts: sortAccounts(views, sort ?? {key: 'name', isReversed: false}),
		hiddenCount: limits === undefined ? known.hidden.reduce((sum, {count}) => sum + count, 0) : 0,
		hidden: limits === undefined ? known.hidden : [],
		problem: limits !== undefined || known.problems.length === 0 ? null : known.problems.join(' '),
		damage,
	};
};

/**
One account, whatever its status.
@throws UserError `notFound`, `usage` when several removed accounts had the name, `damaged` when its backups cannot be told.
*/
export const showAccount = action('showAccount', async (context: Context, nameOrUuid: string): Promise<AccountView> => {
	const known = await refreshAccounts(context.store, context);
	const {limits, identities} = await seenIdentities(context, known.identities);
	const {views, damage} = await viewAccounts(context, {known, limits}, [findAccount(identities, nameOrUuid)]);

	if (damage.length > 0) {
		throw damage[0]!;
	}

	return views[0]!;
});

/** Accounts by their UUIDs, in the order given. */
export const viewAccountsOf = action('viewAccountsOf', async (context: Context, uuids: readonly string[]): Promise<readonly AccountView[]> => {
	const known = await refreshAccounts(context.store, context);
	const {limits, identities} = await seenIdentities(context, known.identities);
	const byUuid = new Map(identities.map(identity => [identity.uuid, identity]));

	const {views} = await viewAccounts(context, {known, limits}, uuids.flatMap(uuid => byUuid.get(uuid) ?? []));

	return views;
});

/**
The identity that a name (as text) or UUID means now.
@throws UserError `notFound`, or `usage` when several removed accounts had the name.
*/
export const resolveAccount = async (context: Context, nameOrUuid: string): Promise<Identity> => {
	const known = await refreshAccounts(context.store, context);
	const {identities} = await seenIdentities(context, known.identities);

	return findAccount(identities, nameOrUuid);
};

type ViewedAccounts = {readonly views: readonly AccountView[]; readonly damage: readonly UserError[]};

type Seeing = {readonly known: KnownAccounts; readonly limits: Limits; readonly onProgress?: ReadingProgress | undefined};

const viewAccounts = async ({store}: Context, {known, limits, onProgress}: Seeing, identities: readonly Identity[]): Promise<ViewedAccounts> => {
	const owners = new Set(known.identities.flatMap(({owner, status}): readonly RawPath[] => owner === null || status === 'inactive' ? [] : [owner]));
	const readings = await readSeenDigests(store, limits, {keys: identities.map(({uuid}) => uuid), onProgress});
	const {jobs} = await store.read('jobs');
	const views: AccountView[] = [];
	const damage: UserError[] = [];

	for (const identity of identities) {
		const {digest, problem} = readings.get(identity.uuid)!;
		damage.push(...problem === undefined ? [] : [problem]);

		views.push(viewAccount({
			identity, owners, jobs, backups: digest, isLimited: limits !== undefined, live: known.live.get(identity.uuid), problem: problem === undefined ? known.notes.get(identity.uuid) : 'its backups cannot be told: their file in the state is damaged',
		}));
	}

	return {views, damage};
};

/** Of those who may not have all: of what they may. */
const readSeenDigests = async (store: Store, limits: Limits, options: Required<DigestOptions>): Promise<ReadonlyMap<string, BackupDigestReading>> => {
	if (limits === undefined) {
		return readBackupDigests(store, options);
	}

	const readings = new Map<string, BackupDigestReading>();

	for (const uuid of options.keys ?? []) {
		const {backups, problem} = await tryReadBackups(store, uuid);
		readings.set(uuid, {digest: digestBackups(backups.flatMap(backup => viewBackup(limits, backup) ?? [])), problem});
	}

	return readings;
};

const hasStatus = ({status}: Identity, wanted: NonNullable<ListAccountsInput['status']>): boolean => {
	if (wanted === 'all') {
		return true;
	}

	return wanted === 'live' ? status !== 'inactive' : status === wanted;
};
