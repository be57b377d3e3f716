import {nameComponent, type FullPath, type Plugin} from './full-path.ts';
import type {ItemName, PartResult} from './item.ts';
import type {RawPath} from './raw-name.ts';

/** What a part belongs to: the machine and the account, by their names of then or of now. */
export type AccountPlace = {
	readonly machine: string;
	/** Raw name. */
	readonly account: RawPath;
};

export type StoredPart = Pick<PartResult, 'name' | 'kind'>;

/**
The full paths of a part of an item: `machine!cron:/alice`, `machine!mysql:/alice/alice_shop`. More than one where it is not known which server a database
is of: then all must be allowed.
*/
export const fullPathsOfPart = ({machine, account}: AccountPlace, item: Exclude<ItemName, 'homedir'>, part: StoredPart): readonly FullPath[] => {
	const name = item === 'databases' ? part.name.replace(databaseKind, '') : part.name;
	const owner = nameComponent(account);
	// What an item has once is named as the item.
	const components = name === item ? [owner] : [owner, nameComponent(name)];

	return pluginsOf(item, part).map(plugin => ({
		machine, plugin, volume: '', components,
	}));
};

const databaseKind = /^(?:mysql|postgresql):/v;

const pluginsOf = (item: Exclude<ItemName, 'homedir'>, {name, kind}: StoredPart): readonly Plugin[] => {
	if (item !== 'databases') {
		return [pluginOfItem[item]];
	}

	const known = kind ?? (['mysql', 'postgresql'] as const).find(each => name.startsWith(`${each}:`));

	return known === undefined ? ['mysql', 'postgresql'] : [known];
};

const pluginOfItem: Readonly<Record<Exclude<ItemName, 'homedir' | 'databases'>, Plugin>> = {
	config: 'config',
	cron: 'cron',
	'database-users': 'dbuser',
	zones: 'dns',
	certificates: 'cert',
	emails: 'mail',
	ftp: 'ftp',
};
