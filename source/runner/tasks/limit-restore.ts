import type {Identity} from '../../domain/account.ts';
import type {Backup} from '../../domain/backup.ts';
import {
	isPartWithin,
	partsWithin,
	reachOfHome,
	viewBackup,
	type Limits,
} from '../../domain/backup-view.ts';
import {toScreen} from '../../domain/raw-name.ts';
import {
	choicesOf,
	type ItemChoice,
	type RestoreRequest,
	type Selection,
} from '../../domain/restore.ts';
import type {Rights} from '../../domain/rights.ts';
import {
	intersectReaches,
	isAnythingWithin,
	isOnTheWay,
	isWholeWithin,
	isWithin,
	limitSelection,
	reachOfTree,
} from '../../domain/tree-reach.ts';
import {UserError} from '../../errors.ts';

/** A request as far as who asks may have it. */
export type LimitedRestore = RestoreRequest & {
	/** What is chosen of the home and left out. */
	readonly withheld?: Selection | undefined;
	/** Items of which parts are left out. */
	readonly withheldItems?: ReadonlyArray<ItemChoice['name']> | undefined;
};

export type LimitOptions = {
	/** `undefined`: nothing is left out. */
	readonly limits: Limits;
	readonly backup: Backup;
	/** The account that receives it, as it is now. */
	readonly account: Pick<Identity, 'name' | 'home'> | undefined;
	/** This machine's name now. */
	readonly machine: string;
	readonly sourceOf: (id: string) => Promise<Backup>;
};

/**
Leaves out what is outside somebody's rights: by where it was stored, and by where it would come back to. Asked when a restore is previewed, queued and begun.
@throws UserError `refused` for what is outside them altogether, there or not, and for what no USER may do; `notFound`
*/
export const limitRestore = async (request: RestoreRequest, options: LimitOptions): Promise<LimitedRestore> => {
	const {limits, backup, account, machine} = options;

	if (limits === undefined) {
		return request;
	}

	requirePlain(request);

	if (account === undefined) {
		throw new UserError('The account is not there any more.', {code: 'refused', hint: 'Ask an administrator of this server.'});
	}

	const live = {machine, account: account.name, home: account.home};
	const items: ItemChoice[] = [];
	const withheldItems: Array<ItemChoice['name']> = [];
	let {selection} = request;
	let withheld: Selection | undefined;

	for (const choice of choicesOf(request, viewBackup(limits, backup)?.items ?? [])) {
		const source = choice.backup === null ? backup : await options.sourceOf(choice.backup);

		if (choice.name === 'homedir') {
			({within: selection, withheld} = limitHome(request.selection, {limits, source, live}));
			items.push(choice);
		} else if (choice.name !== 'config') {
			const limited = limitItem({...choice, name: choice.name}, {limits, source, live});
			items.push(limited.choice);
			withheldItems.push(...limited.isLessThanAsked ? [choice.name] : []);
		}
	}

	if (items.length === 0) {
		throw new UserError(`The backup ${backup.id} holds nothing that could be restored.`, {code: 'notFound', hint: `See what it holds with "holdfast backup show ${backup.id}".`});
	}

	return {
		...request, items, selection, withheld, withheldItems,
	};
};

type Live = {readonly machine: string; readonly account: string; readonly home: string};
type Place = {readonly limits: Rights; readonly source: Backup; readonly live: Live};

/** What the role of a USER has not, whatever the rights. */
const requirePlain = ({target, items, isMirror, isTerminating, isSuspending, isSafetyBackupMade}: RestoreRequest): void => {
	const isRemoving = [isMirror, isTerminating, isSuspending].includes(true);
	const isConfigChosen = items?.some(({name}) => name === 'config') === true;

	if (isSafetyBackupMade === false || isRemoving || isConfigChosen || target.type === 'folder') {
		throw new UserError('This is for administrators and operators.', {code: 'refused', hint: 'Users restore to the original place, without options that remove anything; ask one of this server for more.'});
	}
};

const limitHome = (selection: Selection, {limits, source, live}: Place): {readonly within: Selection; readonly withheld: Selection} => {
	const reach = intersectReaches(reachOfHome(limits, source), reachOfTree(limits, live));
	const outside = selection.rules.find(({path, isIncluded}) => isIncluded && !isWithin(reach, path) && !isOnTheWay(reach, path));

	if (outside !== undefined || !isAnythingWithin(reach)) {
		throw outsideRights(outside === undefined || outside.path === '' ? 'The home directory' : `"${toScreen(outside.path)}"`);
	}

	if (source.structure !== 'incremental' && !isWholeWithin(reach, '')) {
		throw new UserError(`The backup ${source.id} is ${source.structure}: its home comes back whole or not at all, and not all of it is within your restoration rights.`, {code: 'refused', hint: 'Choose an incremental backup, or ask an administrator of this server.'});
	}

	return limitSelection(selection, reach);
};

type OtherChoice = ItemChoice & {readonly name: Exclude<ItemChoice['name'], 'homedir'>};

const limitItem = (choice: OtherChoice, {limits, source, live}: Place): {readonly choice: ItemChoice; readonly isLessThanAsked: boolean} => {
	const {name, parts} = choice;
	const stored = source.items.find(item => item.name === name)?.parts ?? [];

	if (parts !== null) {
		const outside = parts.find(part => {
			const known = {item: name, part: stored.find(each => each.name === part) ?? {name: part}};

			return !isPartWithin(limits, source, known) || !isPartWithin(limits, live, known);
		});

		if (outside !== undefined) {
			// How it is named here tells whether it is there.
			throw outsideRights(`What was chosen of ${name}`);
		}

		return {choice, isLessThanAsked: false};
	}

	const within = partsWithin(limits, live, {name, parts: partsWithin(limits, source, {name, parts: stored})})
		.filter(({status}) => status === 'complete' || status === 'partial');

	// The same whether it holds none or none within.
	if (within.length === 0) {
		throw outsideRights(`What backup ${source.id} holds of ${name}, if anything,`);
	}

	return {choice: {...choice, parts: within.map(part => part.name)}, isLessThanAsked: within.length < stored.length};
};

/** What is said where nothing may be left out. */
export const notAllOfIt = (): UserError => new UserError('Not all that was chosen is within your restoration rights, and nothing may be left out with --strict.', {code: 'refused', hint: 'Choose less, or leave --strict away.'});

const outsideRights = (what: string): UserError => new UserError(`${what} is outside your restoration rights.`, {
	code: 'refused',
	hint: 'See what is within them with "holdfast backup files" and "holdfast backup show", or ask an administrator of this server.',
});
