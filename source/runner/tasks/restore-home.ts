import {join} from 'node:path';
import type {Backup} from '../../domain/backup.ts';
import type {RawPath} from '../../domain/raw-name.ts';
import type {ItemResult} from '../../domain/item.ts';
import {isReplacing, noSummary} from '../../domain/restore.ts';
import {countOf} from '../../domain/units.ts';
import type {RestoreTreeRequest, RestoreTreeResult} from '../../engine/engine.ts';
import {placesInHome} from '../../items/places-in-home.ts';
import {readSetting} from '../../state/read-setting.ts';
import type {Store} from '../../state/store.ts';
import {readVaultLocation} from '../vault-location.ts';
import type {LimitedRestore} from './limit-restore.ts';
import {unpackedPlace} from './restore-gathered.ts';
import {resolveRestoreTarget} from './restore-target.ts';
import type {Restored} from './restored.ts';
import type {TaskTools} from './task-tools.ts';
import {readUnheld} from './terminate/prove-readable.ts';
import type {Termination} from './terminate/termination.ts';

export type HomeOptions = {
	/** The backup that the home comes from. */
	readonly source: Backup;
	readonly restore: LimitedRestore;
	readonly tools: TaskTools;
	/** Where the account is terminated. */
	readonly termination: Termination | undefined;
};

/** Restores the home, or what is chosen of it. */
export const restoreHome = async ({source, restore, tools, termination}: HomeOptions): Promise<Restored> => {
	const request = await toTreeRequest(tools, source, restore);

	if (termination !== undefined) {
		await termination.setHomeAside(await readUnheld(tools.store, source, request.foreignPaths ?? []));
	}

	const home = await tools.engine().restoreTree(request, tools);

	if (termination !== undefined && home.status !== 'complete') {
		await termination.putHomeBack();

		return home.status === 'aborted' ? notBegun(home) : notReplaced(home, source);
	}

	await termination?.acceptHome();

	return restoredHome(home, source);
};

/** What restoring a home came to. */
export const restoredHome = (home: RestoreTreeResult, source: Backup): Restored => ({
	item: itemOfHome(home), summary: home.summary, findings: home.findings, isDamageMet: home.isDamageMet, isCutShort: home.status === 'aborted', error: describeHome(home, source), ...home.denied.count > 0 && {denied: home.denied},
});

/** What the engine is asked for to restore the home; the preview asks for the same. */
export const toTreeRequest = async ({store, clock, ownerKeys}: Pick<TaskTools, 'store' | 'clock' | 'ownerKeys'>, backup: Backup, {selection, withheld, target, isMerge, ...request}: LimitedRestore, isRecreating = false): Promise<RestoreTreeRequest> => {
	const resolved = await resolveRestoreTarget({store, clock}, backup, {target, isRecreating});
	const isDeleting = isReplacing({
		isMerge, selection, target, ...request,
	});

	return {
		vault: await readVaultLocation({store, ownerKeys}, backup),
		accountUuid: backup.accountUuid,
		backupId: backup.id,
		selection,
		withheld,
		target: resolved.path,
		isOriginal: resolved.isOriginal,
		account: resolved.account,
		isMerge,
		...isDeleting && {deletion: {type: 'all'}},
		foreignPaths: resolved.isOriginal ? await readForeignPaths(store, backup) : [unpackedPlace],
		cacheFolder: join(store.directory, 'cache'),
		threads: await readSetting(store, 'engine.threads'),
	};
};

/** What lies in the home and belongs to other items is neither deleted with it nor counted. */
const readForeignPaths = async (store: Store, {accountUuid}: Backup): Promise<readonly RawPath[]> => {
	const {identities} = await store.read('accounts');
	const account = identities.find(({uuid, status}) => uuid === accountUuid && status !== 'inactive');

	return account === undefined ? [] : placesInHome({account, store, signal: new AbortController().signal});
};

const itemOfHome = ({status, summary}: RestoreTreeResult): ItemResult => ({
	name: 'homedir',
	status: status === 'complete' ? 'complete' : 'partial',
	parts: [],
	sizeBytes: summary.created.bytes + summary.overwritten.bytes,
	fileCount: summary.created.count + summary.overwritten.count,
	error: status === 'complete' ? null : 'Not everything came back.',
});

const describeHome = ({status, problemCount, isDamageMet}: RestoreTreeResult, {id}: Backup): string | null => {
	if (status === 'complete') {
		return null;
	}

	if (status === 'aborted') {
		return 'It was cut short.';
	}

	const what = problemCount === 1 ? '1 file or folder' : `${problemCount} files and folders`;

	return isDamageMet ? `${what} could not be restored: data of backup ${id} is damaged.` : `${what} could not be restored.`;
};

/** What a terminated account's home came to whose restore was aborted: the one of before. */
const notBegun = ({isDamageMet}: RestoreTreeResult): Restored => {
	const error = 'The home of before was put back as it was.';

	return {
		item: {
			name: 'homedir', status: 'failed', parts: [], sizeBytes: 0, fileCount: 0, error,
		},
		summary: noSummary,
		findings: [],
		isDamageMet,
		isCutShort: true,
		error,
	};
};

/** What a terminated account's home came to that did not come back whole: the one of before. */
const notReplaced = ({findings, isDamageMet, problemCount}: RestoreTreeResult, {id}: Backup): Restored => {
	const error = `The home did not come back whole from backup ${id} (${countOf(problemCount, 'problem')}), so the one of before was put back as it was.`;

	return {
		item: {
			name: 'homedir', status: 'failed', parts: [], sizeBytes: 0, fileCount: 0, error,
		},
		summary: {...noSummary, failed: {count: 1, bytes: 0}},
		findings,
		isDamageMet,
		error,
	};
};
