import {createHash} from 'node:crypto';
import {byVault} from '../domain/backup.ts';
import {reachOfHome, type BackupView, type Limits} from '../domain/backup-view.ts';
import {isWithin} from '../domain/tree-reach.ts';
import type {RawPath} from '../domain/raw-name.ts';
import {parseSearch, type Search} from '../domain/search.ts';
import type {Catalog} from '../engine/catalog/catalog.ts';
import type {StoredEntry} from '../engine/catalog/catalog-page.ts';
import {openVault, type Vault} from '../engine/vault/vault.ts';
import {UserError} from '../errors.ts';
import {readVaultLocation} from '../runner/vault-location.ts';
import {countOf} from '../domain/units.ts';
import {listBackups} from './backups.ts';
import {readLimits} from './limits.ts';
import {describeNeeded, listNeededKeys} from './owner-keys.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';

export type FindInput = {
	/** A bare word is part of a name; anything else is a pattern. */
	readonly pattern: string;
	/** Name (as text) or UUID of the only account that is searched. */
	readonly account?: string | undefined;
};

export type FoundVersion = {
	/** The newest backup that holds it so. */
	readonly backup: string;
	readonly sizeBytes: number;
	/** Nanoseconds since 1970. */
	readonly modifiedNs: bigint;
	/** Hexadecimal; `null` for what is no regular file. */
	readonly sha256: string | null;
};

/** A path of one account, and where it is stored. */
export type Match = {
	readonly path: RawPath;
	/** Raw name, when the newest of the backups was made. */
	readonly account: string;
	readonly accountUuid: string;
	/** Ids of all backups that hold it, the newest first. */
	readonly backups: readonly string[];
	/** Each different content once, the newest first. */
	readonly versions: readonly FoundVersion[];
};

export type Found = {
	/** By account, then in path order. */
	readonly matches: readonly Match[];
	/** Ids of archived and compressed backups: they are restored as a whole, and not searched. */
	readonly archives: readonly string[];
	/** Backups that could not be searched; of those whose private key is not here, all under one key are told by the newest. */
	readonly problems: ReadonlyArray<{readonly backup: string; readonly error: UserError}>;
};

/**
Searches all backups for paths. Pages of catalogs that backups share are read once.
@throws UserError `usage` for an unusable pattern, `notFound`.
*/
export const findFiles = action('findFiles', async (context: Context, {pattern, account}: FindInput): Promise<Found> => {
	if (pattern === '') {
		throw new UserError('There is nothing to look for.', {code: 'usage', hint: 'Name a word, or a pattern such as "*.php".'});
	}

	const search = parseSearch(pattern);
	const backups = await listBackups(context, {account});
	const searched = backups.filter(({structure}) => structure === 'incremental');
	const archives = backups.filter(({structure}) => structure !== 'incremental').map(({id}) => id);
	const limits = await readLimits(context);
	const gathered = new GatheredMatches();
	const problems: Array<{backup: string; error: UserError}> = [];
	const sealed: BackupView[] = [];

	for (const [place, stored] of byVault(searched)) {
		const location = await readVaultLocation(context, place);

		if (location.account && location.account.publicKey !== null && (location.account.dataKeys ?? []).length === 0) {
			sealed.push(...stored);
			continue;
		}

		const vault = await openVault(location);
		const pages = new SearchedPages(search);

		try {
			for (const backup of stored) {
				searchBackup({
					backup, limits, vault, pages, gathered, problems,
				});
			}
		} finally {
			vault.close();
		}
	}

	return {matches: gathered.list(), archives, problems: [...problems, ...await describeSealed(context, sealed)]};
});

const describeSealed = async (context: Context, sealed: readonly BackupView[]): Promise<Found['problems']> => Promise.all([...Map.groupBy(sealed, ({keyId}) => keyId)].map(async ([, backups]) => {
	const [newest] = backups;
	const needed = await listNeededKeys(context, {type: 'backups', backups: [newest!.id]});

	return {
		backup: newest!.id,
		error: new UserError(`${countOf(backups.length, 'backup')} could not be searched: sealed to a key that its owner keeps, ${describeNeeded(needed)}.`, {code: 'key', hint: 'Give the owner\'s private key with --private-key-file FILE.'}),
	};
}));

type BackupSearch = {
	readonly backup: BackupView;
	readonly limits: Limits;
	readonly vault: Vault;
	readonly pages: SearchedPages;
	readonly gathered: GatheredMatches;
	readonly problems: Array<{backup: string; error: UserError}>;
};

const searchBackup = ({backup, limits, vault, pages, gathered, problems}: BackupSearch): void => {
	try {
		const reach = reachOfHome(limits, backup);
		const catalog = vault.catalogOf(vault.readManifest(backup.accountUuid, backup.id));

		for (const entry of catalog === undefined ? [] : pages.search(catalog)) {
			if (isWithin(reach, entry.path)) {
				gathered.add(backup, entry);
			}
		}
	} catch (error) {
		problems.push({backup: backup.id, error: asUserError(error, backup)});
	}
};

const asUserError = (error: unknown, {id}: BackupView): UserError => error instanceof UserError
	? error
	: new UserError(`The backup ${id} cannot be searched: ${(error as Error).message}.`, {code: 'damaged', cause: error});

/** What was found on pages of catalogs, by the pages' digests. */
class SearchedPages {
	readonly #search: Search;
	readonly #shapes = new Map<string, ReadonlySet<RawPath>>();
	readonly #pages = new Map<string, readonly StoredEntry[]>();

	constructor(search: Search) {
		this.#search = search;
	}

	/** Most pages are told from their names alone. */
	#searchShape(catalog: Catalog, page: Catalog['pages'][number]): ReadonlySet<RawPath> {
		const key = page.shape.toString('hex');
		const known = this.#shapes.get(key);

		if (known !== undefined) {
			return known;
		}

		const {runs, names} = catalog.shapeOf(page);
		const paths = runs.flatMap(({folder, start, count}) => names
			.slice(start, start + count)
			.filter(name => name !== '')
			.map(name => ({name, path: folder === '' ? name : `${folder}/${name}`})));
		const found = new Set(paths.filter(({path, name}) => this.#search(path, name)).map(({path}) => path));
		this.#shapes.set(key, found);

		return found;
	}

	* search(catalog: Catalog): Generator<StoredEntry> {
		for (const [number, page] of catalog.pages.entries()) {
			const paths = this.#searchShape(catalog, page);

			if (paths.size === 0) {
				continue;
			}

			const key = page.shape.toString('hex') + page.facts.toString('hex');
			const entries = this.#pages.get(key) ?? catalog.entriesOf(number).filter(({path}) => paths.has(path));
			this.#pages.set(key, entries);
			yield * entries;
		}
	}
}

type Gathering = {readonly account: string; readonly accountUuid: string; readonly path: RawPath; readonly backups: string[]; readonly versions: Map<string, FoundVersion>};

/** Backups are added the newest first. */
class GatheredMatches {
	readonly #matches = new Map<string, Gathering>();

	add({id, account, accountUuid}: BackupView, entry: StoredEntry): void {
		const key = `${accountUuid}/${entry.path}`;
		const match: Gathering = this.#matches.get(key) ?? {
			account, accountUuid, path: entry.path, backups: [], versions: new Map(),
		};
		const sha256 = digestOf(entry);
		const version = sha256 ?? `${entry.type} ${entry.linkTarget ?? ''}`;

		this.#matches.set(key, match);
		match.backups.push(id);

		if (!match.versions.has(version)) {
			match.versions.set(version, {
				backup: id, sizeBytes: entry.sizeBytes, modifiedNs: entry.modifiedNs, sha256,
			});
		}
	}

	list(): readonly Match[] {
		const matches = [...this.#matches].map(([, {versions, ...match}]) => ({...match, versions: [...versions].map(([, version]) => version)}));

		return matches.toSorted((left, right) => compareMatches(left, right));
	}
}

const emptyDigest = createHash('sha256').digest('hex');

const digestOf = ({type, content}: StoredEntry): string | null => type === 'file' ? content?.sha256.toString('hex') ?? emptyDigest : null;

const compareMatches = (left: Match, right: Match): number => {
	const [a, b] = left.accountUuid === right.accountUuid ? [left.path, right.path] : [`${left.account} ${left.accountUuid}`, `${right.account} ${right.accountUuid}`];

	return a < b ? -1 : 1;
};
