import type {Identity} from '../../domain/account.ts';
import type {Backup} from '../../domain/backup.ts';
import {isPartWithin, reachOfHome, type Limits} from '../../domain/backup-view.ts';
import type {ItemName} from '../../domain/item.ts';
import type {Selection} from '../../domain/restore.ts';
import type {Rights} from '../../domain/rights.ts';
import type {BroughtItem, RollbackRequest} from '../../domain/rollback.ts';
import type {StoredPart} from '../../domain/stored-path.ts';
import {
	intersectReaches,
	isAnythingWithin,
	limitSelection,
	reachOfTree,
} from '../../domain/tree-reach.ts';
import {UserError} from '../../errors.ts';

/** A rollback as far as who asks may have it. */
export type LimitedRollback = {
	readonly rollback: RollbackRequest;
	/** What of the home is left out. */
	readonly withheld: Selection | undefined;
	/** Items that are left out, or of which parts are. */
	readonly withheldItems: readonly ItemName[];
};

export type RollbackPlace = {
	/** `undefined`: nothing is left out. */
	readonly limits: Limits;
	/** The safety backup: what was live before. */
	readonly undone: Backup;
	/** The account as it is now. */
	readonly account: Pick<Identity, 'name' | 'home'> | undefined;
	/** This machine's name now. */
	readonly machine: string;
	/** The backups of the account. */
	readonly backups: readonly Backup[];
};

/**
Leaves out what is outside somebody's rights: by where it was stored, and by where it would come back to. Asked when a rollback is previewed, queued and begun.
@throws UserError `refused` where all of it is
*/
export const limitRollback = (rollback: RollbackRequest, {limits, account, ...place}: RollbackPlace): LimitedRollback => {
	if (limits === undefined) {
		return {rollback, withheld: undefined, withheldItems: []};
	}

	if (account === undefined) {
		throw new UserError('The account is not there any more.', {code: 'refused', hint: 'Ask an administrator of this server.'});
	}

	const limited = rollback.brought.map(item => item.name === 'homedir'
		? limitHome(item, rollback.selection, {...place, limits, account})
		: limitItem({...item, name: item.name}, {...place, limits, account}));
	const brought = limited.flatMap(({item}) => item ?? []);

	if (brought.length === 0) {
		throw new UserError('What it brought is outside your restoration rights.', {code: 'refused', hint: 'Ask an administrator of this server.'});
	}

	const home = limited.find(({selection}) => selection !== undefined);
	const selection = home?.selection ?? rollback.selection;

	return {
		rollback: {...rollback, brought, selection},
		withheld: home?.withheld,
		withheldItems: rollback.brought.filter((_, index) => limited[index]!.isLess).map(({name}) => name),
	};
};

type Place = Omit<RollbackPlace, 'limits' | 'account'> & {readonly limits: Rights; readonly account: Pick<Identity, 'name' | 'home'>};

type LimitedItem = {
	/** `undefined`: it is left out. */
	readonly item: BroughtItem | undefined;
	readonly isLess: boolean;
	readonly selection?: Selection;
	readonly withheld?: Selection;
};

const limitHome = (item: BroughtItem, selection: Selection, {limits, undone, account: {home}, machine}: Place): LimitedItem => {
	const reach = intersectReaches(reachOfHome(limits, undone), reachOfTree(limits, {machine, home}));

	if (!isAnythingWithin(reach)) {
		return {item: undefined, isLess: true};
	}

	const {within, withheld} = limitSelection(selection, reach);

	return {
		item, isLess: false, selection: within, withheld,
	};
};

type OtherItem = BroughtItem & {readonly name: Exclude<ItemName, 'homedir'>};

const limitItem = (item: OtherItem, {limits, undone, account: {name: account}, machine, backups}: Place): LimitedItem => {
	const sources = [undone, ...backups.filter(({id}) => id === item.backup)];
	const storedPart = (name: string): StoredPart => sources.flatMap(({items}) => items.find(each => each.name === item.name)?.parts ?? []).find(part => part.name === name) ?? {name};
	const parts = item.parts.filter(name => [undone, {machine, account}].every(place => isPartWithin(limits, place, {item: item.name, part: storedPart(name)})));

	return {item: parts.length === 0 ? undefined : {...item, parts}, isLess: parts.length < item.parts.length};
};
