/** What a rollback does with the items: which parts come back, which go, and what cannot be undone. */
import type {Backup} from '../../domain/backup.ts';
import {toScreen} from '../../domain/raw-name.ts';
import type {BroughtItem, RollbackRequest} from '../../domain/rollback.ts';
import type {LiveOnlyDeletion} from '../../engine/engine.ts';
import {findItem} from '../../items/items.ts';
import type {Store} from '../../state/store.ts';
import {readVaultLocation, type VaultSource} from '../vault-location.ts';

export type UndoneParts = {
	/** Were live before: they come back. */
	readonly back: readonly string[];
	/** Were not: they go. */
	readonly gone: readonly string[];
	/** Were not, and stay, as the item cannot remove them. */
	readonly stuck: readonly string[];
};

/** Of an item that could not be backed up then nothing was restored. */
export const sortParts = ({name, parts}: BroughtItem, safety: Backup): UndoneParts => {
	const saved = safety.items.find(item => item.name === name);

	if (name === 'homedir' || saved?.status === 'failed') {
		return {back: [], gone: [], stuck: []};
	}

	const isSaved = (part: string): boolean => saved?.parts.some(each => each.name === part && (each.status === 'complete' || each.status === 'partial')) === true;
	const created = parts.filter(part => !isSaved(part));
	const canRemove = findItem(name).remove !== undefined;

	return {back: parts.filter(part => isSaved(part)), gone: canRemove ? created : [], stuck: canRemove ? [] : created};
};

/** What of the live-only files the restore brought; `undefined` where that cannot be told any more. */
export const readDeletion = async (from: VaultSource, {brought, selection}: RollbackRequest, accountUuid: string): Promise<LiveOnlyDeletion | undefined> => {
	const home = brought.find(({name}) => name === 'homedir');
	const {backups} = await from.store.read('backups', accountUuid);
	const source = backups.find(({id}) => id === home?.backup);

	return source && {
		type: 'broughtBy', vault: await readVaultLocation(from, source), backupId: source.id, selection,
	};
};

/** Ids of the backups that what was brought came from, which do not exist any more. */
export const readGone = async (store: Store, {brought}: RollbackRequest, accountUuid: string): Promise<ReadonlySet<string>> => {
	const {backups} = await store.read('backups', accountUuid);

	return new Set(brought.map(({backup}) => backup).filter(id => backups.every(backup => backup.id !== id)));
};

/** Sentences' ends: what stays as the restore left it. */
export const reasonsNotToUndo = ({brought}: RollbackRequest, safety: Backup, gone: ReadonlySet<string>): readonly string[] => brought.flatMap(item => {
	const {name, backup} = item;

	if (name === 'homedir') {
		return gone.has(backup) ? ['files that the restore created stay, because the backup that they came from does not exist any more'] : [];
	}

	const {back, stuck} = sortParts(item, safety);

	return [
		...findItem(name).keepsLiveOnly === true && gone.has(backup) ? back.map(part => `what the restore added to ${name}:${toScreen(part)} stays, because the backup that it came from does not exist any more`) : [],
		...stuck.map(part => `${name}:${toScreen(part)} was not there before the restore, and stays`),
	];
});
