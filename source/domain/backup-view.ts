import type {Backup} from './backup.ts';
import {isCovering, type FullPath} from './full-path.ts';
import {
	decideItemStatus,
	itemNames,
	type ItemName,
	type ItemResult,
	type PartResult,
} from './item.ts';
import type {RawPath} from './raw-name.ts';
import {decideRight, findShadow, type Rights} from './rights.ts';
import {fullPathsOfPart, type AccountPlace, type StoredPart} from './stored-path.ts';
import {
	isAnythingWithin,
	isWholeWithin,
	reachOfTree,
	wholeTree,
	type TreeReach,
} from './tree-reach.ts';

/** Of somebody from whom nothing is hidden: `undefined`. */
export type Limits = Rights | undefined;

/** An item as it is shown; the numbers are `null` unless all of it is within the rights of who looks. */
export type ItemView = Omit<ItemResult, 'sizeBytes' | 'fileCount'> & {readonly sizeBytes: number | null; readonly fileCount: number | null};

/** A backup as it is shown. */
export type BackupView = Omit<Backup, 'sizeBytes' | 'storedBytes' | 'fileCount' | 'items'> & {
	readonly sizeBytes: number | null;
	readonly storedBytes: number | null;
	readonly fileCount: number | null;
	readonly items: readonly ItemView[];
};

type Stored = Pick<Backup, 'machine' | 'home' | 'account'>;

/** What of the stored home somebody may have. Of a backup that does not say where it is from, nothing. */
export const reachOfHome = (limits: Limits, {machine, home}: Stored): TreeReach => {
	if (limits === undefined) {
		return wholeTree;
	}

	return machine === undefined || home === undefined
		? {isRootWithin: false, allows: [], denies: []}
		: reachOfTree(limits, {machine, home});
};

type OtherItem = Exclude<ItemName, 'homedir'>;

/** Whether somebody may have a part of an item beside the home. A part is had as a whole: what is denied below it denies it. */
export const isPartWithin = (limits: Limits, place: Pick<Backup, 'machine' | 'account'>, {item, part}: {readonly item: OtherItem; readonly part: StoredPart}): boolean => {
	const {machine, account} = place;

	return limits === undefined || (machine !== undefined && fullPathsOfPart({machine, account}, item, part).every(path => isAllWithin(limits, path)));
};

/** The parts of a stored item beside the home that somebody may have. */
export const partsWithin = (limits: Limits, place: Pick<Backup, 'machine' | 'account'>, {name, parts}: Pick<ItemResult, 'name' | 'parts'>): readonly PartResult[] =>
	parts.filter(part => name !== 'homedir' && isPartWithin(limits, place, {item: name, part}));

/** A backup as somebody sees it; `undefined` when nothing in it is within the rights: then there is no such thing. */
export const viewBackup = (limits: Limits, backup: Backup): BackupView | undefined => {
	if (limits === undefined || isAccountWithin(limits, backup)) {
		return backup;
	}

	const items = backup.items.flatMap(item => viewItem(limits, backup, item) ?? []);

	if (items.length === 0) {
		return undefined;
	}

	return {
		...backup,
		// What could not be backed up may be what nobody here knows of.
		status: statusOf(backup, items),
		sizeBytes: null,
		storedBytes: null,
		fileCount: null,
		items,
	};
};

/** Whether whatever a backup may hold is within. Told from the rights alone: what it does hold must not show in the answer. */
const isAccountWithin = (limits: Rights, backup: Stored): boolean => itemNames.every(name => isItemWithin(limits, backup, name));

const isItemWithin = (limits: Rights, stored: Stored, name: ItemName): boolean => name === 'homedir'
	? isWholeWithin(reachOfHome(limits, stored), '')
	: isPartWithin(limits, stored, {item: name, part: {name}});

const statusOf = ({status: known}: Backup, items: readonly ItemView[]): Backup['status'] => {
	if (known === 'damaged') {
		return 'damaged';
	}

	return items.some(({status}) => status === 'partial' || status === 'failed') ? 'partial' : 'complete';
};

const viewItem = (limits: Rights, stored: Stored, item: ItemResult): ItemView | undefined => {
	if (isItemWithin(limits, stored, item.name)) {
		return item;
	}

	const parts = partsWithin(limits, stored, item);
	const isSeen = item.name === 'homedir' ? isAnythingWithin(reachOfHome(limits, stored)) : parts.length > 0;

	return isSeen
		? {
			...item, parts, status: item.name === 'homedir' ? item.status : decideItemStatus(parts), sizeBytes: null, fileCount: null, error: null,
		}
		: undefined;
};

const isAllWithin = (limits: Rights, path: FullPath): boolean => decideRight(limits, path).allowed && limits.exceptions.every(({effect, path: rule}) => !(effect === 'deny' && isCovering(path, rule)));

/** Whether anything of an account, as it is now, is within; told from the rights alone. */
export const isAccountSeen = (limits: Rights, place: AccountPlace & {readonly home: RawPath}): boolean => isAnythingWithin(reachOfTree(limits, place))
	|| itemNames.some(name => name !== 'homedir' && fullPathsOfPart(place, name, {name}).some(path => isAnyWithin(limits, path)));

const isAnyWithin = (limits: Rights, path: FullPath): boolean => decideRight(limits, path).allowed
	|| limits.exceptions.some(exception => exception.effect === 'allow' && isCovering(path, exception.path) && findShadow(limits, exception) === undefined);
