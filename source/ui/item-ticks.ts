import type {BackupView, ItemView} from '../domain/backup-view.ts';
import {itemNames, type ItemName, type PartResult} from '../domain/item.ts';
import {everything, type ItemChoice} from '../domain/restore.ts';
import {toSelection, type SelectionTree, type TickState} from '../domain/selection-tree.ts';

export type PartedItem = Exclude<ItemName, 'homedir'>;

/** What is ticked of the items of a backup. */
export type ItemTicks = {
	readonly home: 'none' | 'whole' | 'files';
	/** Raw names of the ticked parts. */
	readonly parts: ReadonlyMap<PartedItem, ReadonlySet<string>>;
	/** The backups that items come from, where it is another one. */
	readonly sources: ReadonlyMap<ItemName, BackupView>;
};

export type ItemTicksEvent =
	| {readonly type: 'homeChosen'; readonly home: ItemTicks['home']}
	| {readonly type: 'partsTicked'; readonly item: PartedItem; readonly parts: readonly string[]; readonly isTicked: boolean}
	/** `undefined`: from the backup itself again. */
	| {readonly type: 'sourceChosen'; readonly item: ItemName; readonly source: BackupView | undefined};

export const nothingChosen: ItemTicks = {home: 'none', parts: new Map(), sources: new Map()};

export const reduceItemTicks = (ticks: ItemTicks, event: ItemTicksEvent): ItemTicks => {
	switch (event.type) {
		case 'homeChosen': {
			return {...ticks, home: event.home};
		}

		case 'partsTicked': {
			const named = new Set(event.parts);
			const others = [...ticks.parts.get(event.item) ?? []].filter(part => !named.has(part));

			return {...ticks, parts: new Map([...ticks.parts, [event.item, new Set(event.isTicked ? [...others, ...named] : others)]])};
		}

		case 'sourceChosen': {
			const others = [...ticks.sources].filter(([name]) => name !== event.item);

			return {...ticks, sources: new Map(event.source === undefined ? others : [...others, [event.item, event.source]])};
		}
	}
};

/** What the ticks are about. */
export type TickedBackup = {
	readonly backup: BackupView;
	readonly ticks: ItemTicks;
	/** The ticked files of the backup that the home comes from. */
	readonly files: SelectionTree;
};

export const sourceOf = ({backup, ticks}: Pick<TickedBackup, 'backup' | 'ticks'>, name: ItemName): BackupView => ticks.sources.get(name) ?? backup;

export const itemIn = ({items}: BackupView, name: ItemName): ItemView | undefined => items.find(item => item.name === name);

/** The parts of an item that can come back. */
export const partsHeld = (backup: BackupView, name: PartedItem): readonly PartResult[] => itemIn(backup, name)?.parts.filter(({status}) => isHeld(status)) ?? [];

/** Why nothing of an item can come back from a backup; `undefined`: something can. */
export const whyNotItem = (backup: BackupView, name: ItemName): string | undefined => {
	const item = itemIn(backup, name);

	if (item === undefined) {
		return 'not in this backup';
	}

	const isThere = name === 'homedir' ? isHeld(item.status) : partsHeld(backup, name).length > 0;

	return isThere ? undefined : item.status;
};

const isHeld = (status: ItemView['status']): boolean => status === 'complete' || status === 'partial';

/** The ticked parts that the source of their item has. */
export const tickedParts = (ticked: TickedBackup, name: PartedItem): readonly string[] => {
	const chosen = ticked.ticks.parts.get(name);

	return chosen === undefined ? [] : partsHeld(sourceOf(ticked, name), name).map(part => part.name).filter(part => chosen.has(part));
};

export const tickStateOfItem = (ticked: TickedBackup, name: ItemName): TickState => {
	if (whyNotItem(sourceOf(ticked, name), name) !== undefined) {
		return 'none';
	}

	if (name === 'homedir') {
		return tickStateOfHome(ticked);
	}

	const {length} = tickedParts(ticked, name);

	if (length === 0) {
		return 'none';
	}

	return length === partsHeld(sourceOf(ticked, name), name).length ? 'all' : 'some';
};

const tickStateOfHome = ({ticks: {home}, files}: TickedBackup): TickState => {
	if (home === 'whole') {
		return 'all';
	}

	return home === 'files' && files.size > 0 ? 'some' : 'none';
};

/** What a restore is asked for, in the order in which it is done. */
export const toItemChoices = (ticked: TickedBackup): readonly ItemChoice[] => itemNames.flatMap((name): readonly ItemChoice[] => {
	const state = tickStateOfItem(ticked, name);
	const backup = ticked.ticks.sources.get(name)?.id ?? null;

	return state === 'none' ? [] : [{name, parts: name === 'homedir' || state === 'all' ? null : tickedParts(ticked, name), backup}];
});

/** Which of its files: all, unless some were ticked. */
export const toHomeSelection = ({ticks: {home}, files}: TickedBackup) => home === 'files' && files.size > 0 ? toSelection(files) : everything;
