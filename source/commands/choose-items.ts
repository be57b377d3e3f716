import type {BackupView} from '../domain/backup-view.ts';
import {itemNames, type ItemName} from '../domain/item.ts';
import {fromText} from '../domain/raw-name.ts';
import {choicesOf, everything, type ItemChoice} from '../domain/restore.ts';
import {UserError} from '../errors.ts';

export type GivenItems = {
	/** `ITEM` or `ITEM:PART`. */
	readonly items: readonly string[];
	/** `ITEM=ID`. */
	readonly itemFrom: readonly string[];
	readonly paths: readonly string[];
};

/**
What `--item` and `--item-from` choose.
@returns `undefined` where nothing was said: then the request decides by itself
@throws UserError `usage`
*/
export const chooseItems = ({items, itemFrom, paths}: GivenItems, backup: BackupView): readonly ItemChoice[] | undefined => {
	if (items.length === 0 && itemFrom.length === 0) {
		return undefined;
	}

	const chosen = new Map<ItemName, ItemChoice>();

	if (items.length === 0 && paths.length === 0) {
		for (const choice of choicesOf({selection: everything}, backup.items)) {
			chosen.set(choice.name, choice);
		}
	}

	// Files that are chosen are an item chosen, too.
	for (const text of paths.length > 0 ? [...items, 'homedir'] : items) {
		const {name, part} = parseItem(text);
		const before = chosen.get(name);
		const parts = part === undefined || before?.parts === null ? null : [...before?.parts ?? [], part];
		chosen.set(name, {name, parts, backup: null});
	}

	for (const text of itemFrom) {
		const [item = '', id = ''] = text.split('=', 2);

		if (id === '') {
			throw new UserError(`"${text}" names no backup.`, {code: 'usage', hint: 'Write ITEM=ID, for example cron=3f2a91.'});
		}

		const name = checkName(item);
		chosen.set(name, {name, parts: chosen.get(name)?.parts ?? null, backup: id});
	}

	return [...chosen].map(([, choice]) => choice);
};

const parseItem = (text: string): {readonly name: ItemName; readonly part: string | undefined} => {
	const colon = text.indexOf(':');
	const name = checkName(colon === -1 ? text : text.slice(0, colon));

	if (colon === -1) {
		return {name, part: undefined};
	}

	const part = text.slice(colon + 1);

	if (part === '' || name === 'homedir') {
		throw new UserError(`"${text}" names no part of ${name}.`, {code: 'usage', hint: name === 'homedir' ? 'Choose files with --path.' : `Write ${name}:PART, or ${name} for all of it.`});
	}

	return {name, part: fromText(part)};
};

const checkName = (text: string): ItemName => {
	const name = itemNames.find(each => each === text);

	if (name === undefined) {
		throw new UserError(`There is no item "${text}".`, {code: 'usage', hint: `The items are: ${itemNames.join(', ')}.`});
	}

	return name;
};
