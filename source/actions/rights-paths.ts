import type {Backup} from '../domain/backup.ts';
import {
	formatFullPath,
	isCovering,
	nameComponent,
	parseFullPath,
	splitComponents,
	type FullPath,
} from '../domain/full-path.ts';
import {compareText} from '../domain/queue.ts';
import {fromText, toText} from '../domain/raw-name.ts';
import {fullPathsOfPart} from '../domain/stored-path.ts';
import {readIntactBackups} from '../state/read-backups.ts';
import {readSetting} from '../state/read-setting.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';
import {openBackup} from './open-backup.ts';

/** A full path below another one. */
export type RightsPath = {readonly path: string; readonly isFolder: boolean};

type Home = {readonly path: FullPath; readonly backup: Backup};

/**
What backups hold just below the beginning of a full path, in order: the machines for an empty text, then plugins, then folders and files. Homes are looked up in
the newest incremental backup of each.
@throws UserError `usage` for what is no path, `failed`, `damaged` where a backup cannot be read.
*/
export const listRightsPaths = action('listRightsPaths', async (context: Context, parent: string): Promise<readonly RightsPath[]> => {
	const {backups} = await readIntactBackups(context.store);
	const known = backups.flatMap(backup => knownPaths(backup));

	if (parent === '') {
		const machine = await readSetting(context.store, 'machine.name');

		return sortPaths([...new Set([machine, ...known.map(path => path.machine)])].map(path => ({path, isFolder: true})));
	}

	const above = parseFullPath(parent);
	const homes = newestHomes(backups).filter(home => isCovering(home.path, above));
	const inHomes = await Promise.all(homes.map(async home => listHome(context, home, above)));

	return sortPaths([...inHomes.flat(), ...known.filter(path => isCovering(above, path)).flatMap(path => childOf(above, path) ?? [])]);
});

/** Each path once; a folder where one of them is one. */
const sortPaths = (paths: readonly RightsPath[]): readonly RightsPath[] => {
	const byPath = new Map<string, RightsPath>();

	for (const each of paths) {
		byPath.set(each.path, byPath.get(each.path)?.isFolder === true ? byPath.get(each.path)! : each);
	}

	return byPath.values().toArray().toSorted((left, right) => compareText(left.path, right.path));
};

/** The home, and every part beside it. */
const knownPaths = (backup: Backup): readonly FullPath[] => {
	const {machine, account, items} = backup;

	if (machine === undefined) {
		return [];
	}

	const home = homePath(backup);
	const parts = items.flatMap(({name, parts: known}) => name === 'homedir' ? [] : known.flatMap(part => fullPathsOfPart({machine, account}, name, part)));

	return home === undefined ? parts : [home, ...parts];
};

const homePath = ({machine, home, items}: Backup): FullPath | undefined => {
	const isStored = items.some(({name, status}) => name === 'homedir' && (status === 'complete' || status === 'partial'));

	return machine === undefined || home === undefined || !isStored
		? undefined
		: {
			machine, plugin: 'file', volume: '', components: splitComponents(toText(home)),
		};
};

const newestHomes = (backups: readonly Backup[]): readonly Home[] => {
	const newest = new Map<string, Home>();

	for (const backup of backups.filter(({structure}) => structure === 'incremental').toSorted((left, right) => compareText(left.createdAt, right.createdAt))) {
		const path = homePath(backup);

		if (path !== undefined) {
			newest.set(formatFullPath(path), {path, backup});
		}
	}

	return newest.values().toArray();
};

/** The next step from `above` towards `path`; `undefined` when they are the same. */
const childOf = (above: FullPath, path: FullPath): RightsPath | undefined => {
	if (above.plugin === null) {
		return {
			path: formatFullPath({
				...above, plugin: path.plugin,
			}), isFolder: true,
		};
	}

	const components = path.components ?? [];
	const depth = above.components?.length ?? 0;

	return components.length === depth
		? undefined
		: {
			path: formatFullPath({...path, machine: above.machine, components: components.slice(0, depth + 1)}),
			isFolder: path.plugin === 'file' || components.length > depth + 1,
		};
};

const listHome = async (context: Context, {path, backup}: Home, above: FullPath): Promise<readonly RightsPath[]> => {
	const opened = await openBackup(context, backup.id);

	try {
		const folder = fromText(above.components!.slice(path.components!.length).join('/'));

		if (opened.files.find(folder)?.type !== 'directory') {
			return [];
		}

		return opened.files.list(folder).map(({name, type}) => ({
			path: formatFullPath({...above, components: [...above.components!, nameComponent(name)]}), isFolder: type === 'directory',
		}));
	} finally {
		opened.close();
	}
};
