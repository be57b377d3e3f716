import type {Download, DownloadRequest} from '../domain/download.ts';
import {shareOf, viewDownload, type DownloadView} from '../domain/download-view.ts';
import {compareText} from '../domain/queue.ts';
import {matchIdentifiers} from '../domain/identifier.ts';
import {choicesOf, type ItemChoice, type Selection} from '../domain/restore.ts';
import {createSelector} from '../domain/selection.ts';
import type {Task} from '../domain/task.ts';
import {UserError} from '../errors.ts';
import {partsOf} from '../items/extract-item.ts';
import {removeDownload} from '../runner/download-files.ts';
import {limitDownload} from '../runner/tasks/limit-download.ts';
import {notAllOfIt} from '../runner/tasks/limit-restore.ts';
import {readRecipientKey} from '../system/recipient-key.ts';
import {refreshAccounts} from '../state/refresh-accounts.ts';
import {resolveAccount} from './accounts.ts';
import {action} from './action.ts';
import {findBackup} from './backups.ts';
import type {Context} from './context.ts';
import {readLimits, seenIdentities} from './limits.ts';
import {queueTasks} from './queue-tasks.ts';
import {fetchPackage, savePackage} from './save-package.ts';

export type StartDownload = {
	/** As `showBackup` takes it. */
	readonly backup: string;
	readonly items?: readonly ItemChoice[] | undefined;
	readonly selection: Selection;
	readonly notes?: string | undefined;
	/** Content of a file with an OpenPGP public key. */
	readonly recipient?: Uint8Array | undefined;
	/** Refused, where otherwise something would be left out for want of rights. */
	readonly isStrict?: boolean | undefined;
};

/**
Queues the packing of what is chosen of a backup. All of it is checked again when the packing begins.
@throws UserError `notFound`, `refused` for what is outside the rights, `key` for a key that nothing can be encrypted to
*/
export const startDownload = action('startDownload', async (context: Context, input: StartDownload): Promise<Task> => {
	const backup = await findBackup(context, input.backup);
	const limited = await limitDownload(input, {...context, backup, limits: await readLimits(context)});

	if (input.isStrict === true && isLess(limited)) {
		throw notAllOfIt();
	}

	for (const choice of choicesOf(limited, backup.items)) {
		if (choice.name !== 'homedir') {
			partsOf(choice, backup);
		}
	}

	const download: DownloadRequest = {
		backup: backup.id,
		...input.items && {items: input.items},
		selection: input.selection,
		notes: input.notes ?? '',
		recipient: input.recipient === undefined ? null : await readRecipientKey(input.recipient),
	};
	const [task] = await queueTasks(context, [{
		kind: 'download', account: backup.account, accountUuid: backup.accountUuid, backup: backup.id, request: {kind: 'download', download},
	}]);

	return task!;
});

const isLess = ({withheld, withheldItems = []}: {readonly withheld?: Selection | undefined; readonly withheldItems?: readonly string[] | undefined}): boolean =>
	withheldItems.length > 0 || (withheld !== undefined && createSelector(withheld).roots.length > 0);

/** The downloads that the actor may know of, the newest first. `account`: a name or UUID. */
export const listDownloads = action('listDownloads', async (context: Context, {account}: {readonly account?: string | undefined} = {}): Promise<readonly DownloadView[]> => {
	const named = account === undefined ? undefined : await resolveAccount(context, account);
	const seen = await readSeen(context);

	return seen
		.filter(({download}) => named === undefined || download.accountUuid === named.uuid)
		.map(({view}) => view)
		.toSorted((left, right) => compareText(right.createdAt, left.createdAt));
});

/**
Saves a download into a new file, or into a folder under a name of its own; its checksum is compared on the way.
@returns the path of the file
@throws UserError `notFound`, `refused` where not all of it is within the rights, or where there is such a file, `damaged`, `failed`
*/
export const saveDownload = action('saveDownload', async (context: Context, {id, path}: {readonly id: string; readonly path: string}): Promise<string> => {
	const download = await findWhole(context, id);
	const saved = await savePackage(download, path);
	await countFetch(context, download);

	return saved;
});

/**
Gives out what a download holds. Throws as `saveDownload`; damage is only known when all has been given out.
*/
export const streamDownload = action('streamDownload', async (context: Context, {id}: {readonly id: string}, write: (chunks: AsyncIterable<Uint8Array>) => Promise<void>): Promise<void> => {
	const download = await findWhole(context, id);
	await write(fetchPackage(download));
	await countFetch(context, download);
});

/**
Removes a download before its time.
@returns what it was
@throws UserError `notFound`, `refused` for somebody else's unless an administrator acts
*/
export const deleteDownload = action('deleteDownload', async (context: Context, id: string): Promise<DownloadView> => {
	const {download, view} = await findDownload(context, id);

	if (context.actor.role !== 'administrator' && download.requestedBy !== context.actor.name) {
		throw new UserError(`The download ${download.id} is another user's.`, {code: 'refused', hint: 'Only administrators remove what others asked for.'});
	}

	await removeDownload(context.store, download);

	return view;
});

type Seen = {readonly download: Download; readonly view: DownloadView};

const readSeen = async (context: Context): Promise<readonly Seen[]> => {
	const {downloads} = await context.store.read('downloads');
	const limits = await readLimits(context);
	const live = limits === undefined ? undefined : await readLiveUuids(context);

	return downloads.flatMap(download => {
		const view = live?.has(download.accountUuid) === false ? undefined : viewDownload(limits, download);

		return view === undefined ? [] : [{download, view}];
	});
};

const readLiveUuids = async (context: Context): Promise<ReadonlySet<string>> => {
	const known = await refreshAccounts(context.store, context);
	const {identities} = await seenIdentities(context, known.identities);

	return new Set(identities.map(({uuid}) => uuid));
};

const findDownload = async (context: Context, text: string): Promise<Seen> => {
	const seen = await readSeen(context);
	const [id, ...others] = matchIdentifiers(seen.map(({download}) => download.id), text);

	if (id === undefined) {
		throw new UserError(`There is no download "${text}".`, {code: 'notFound', hint: 'See all with "holdfast download list"; an id may be cut to its first 6 characters.'});
	}

	if (others.length > 0) {
		throw new UserError(`Several downloads begin with "${text}".`, {code: 'usage', hint: `Type more of the one you mean: ${[id, ...others].join(', ')}.`});
	}

	return seen.find(({download}) => download.id === id)!;
};

/** What is in a package cannot be left out any more. */
const findWhole = async (context: Context, text: string): Promise<Download> => {
	const {download} = await findDownload(context, text);

	if (shareOf(await readLimits(context), download) !== 'all') {
		throw new UserError('Not all of this download is within your restoration rights.', {code: 'refused', hint: `Pack what is with "holdfast download create ${download.backup}".`});
	}

	return download;
};

const countFetch = async ({store}: Context, {id}: Download): Promise<void> => store.update('downloads', undefined, draft => {
	draft.downloads = draft.downloads.map(download => download.id === id ? {...download, fetchCount: download.fetchCount + 1} : download);
});
