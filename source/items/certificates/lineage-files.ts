/** The files and links of a lineage, in certbot's folder or in one of ours: both are laid out alike. */
import {type Buffer} from 'node:buffer';
import process from 'node:process';
import type {RawPath} from '../../domain/raw-name.ts';
import {Directory} from '../../system/directory.ts';
import {
	readIn,
	readLiveFile,
	replaceIn,
	type FileOwner,
} from '../live-file.ts';
import {isKeyOf, namesOf} from './lineages.ts';

type StoredFile = {readonly type: 'file'; readonly content: Buffer; readonly mode: number};
type StoredLink = {readonly type: 'link'; readonly target: RawPath};

export type LineageFiles = {
	readonly name: string;
	readonly live: ReadonlyMap<RawPath, StoredFile | StoredLink>;
	readonly archive: ReadonlyMap<RawPath, StoredFile | StoredLink>;
	/** `null` where certbot does not renew it. */
	readonly renewal: StoredFile | null;
};

/** What there is below a folder of a lineage. */
export const readLineage = (root: RawPath, name: string): LineageFiles => {
	const renewal = readLiveFile(`${root}/renewal/${name}.conf`);

	return {
		name,
		live: readFolder(`${root}/live/${name}`),
		archive: readFolder(`${root}/archive/${name}`),
		renewal: renewal === undefined ? null : {type: 'file', content: renewal.content, mode: renewal.owner.mode},
	};
};

/** Empty where there is none. Whatever is neither a file nor a link is no part of it. */
const readFolder = (path: RawPath): LineageFiles['live'] => {
	const folder = Directory.tryOpenTrusted(path);

	if (folder === undefined) {
		return new Map();
	}

	try {
		return new Map(folder.names().toSorted().flatMap((name): ReadonlyArray<readonly [RawPath, StoredFile | StoredLink]> => {
			const stats = folder.lstat(name);

			if (stats.isSymbolicLink()) {
				return [[name, {type: 'link', target: folder.readLink(name)}]];
			}

			if (!stats.isFile()) {
				return [];
			}

			const {content, owner} = readIn(folder, name);

			return [[name, {type: 'file', content, mode: owner.mode}]];
		}));
	} finally {
		folder.close();
	}
};

/**
What keeps a lineage from being used, in words; `undefined`: nothing. Links lead into its own archive, and the key is the certificate's.
*/
export const problemOf = (files: LineageFiles): string | undefined => {
	const stray = [...files.live, ...files.archive].find(([name, file]) => file.type === 'link' && !(files.live.get(name) === file && isInto(files, file.target)));

	if (stray !== undefined) {
		return `its ${stray[0]} does not lead into its own archive`;
	}

	try {
		const [certificate, key] = [textOf(files, 'cert.pem'), textOf(files, 'privkey.pem')];

		return isKeyOf(certificate, key) ? undefined : 'its key is not the one of its certificate';
	} catch (error) {
		return `its certificate or key cannot be read (${(error as Error).message})`;
	}
};

const isInto = ({name, archive}: LineageFiles, target: RawPath): boolean => {
	const start = `../../archive/${name}/`;

	return target.startsWith(start) && archive.get(target.slice(start.length))?.type === 'file';
};

const textOf = ({live, archive}: LineageFiles, name: RawPath): string => {
	const entry = live.get(name);
	const file = entry?.type === 'link' ? archive.get(entry.target.slice(entry.target.lastIndexOf('/') + 1)) : entry;

	if (file?.type !== 'file') {
		throw new Error(`${name} is missing`);
	}

	return file.content.toString('latin1');
};

export const domainsIn = (files: LineageFiles): readonly string[] => namesOf(textOf(files, 'cert.pem'));

export const isSameLineage = (one: LineageFiles, other: LineageFiles): boolean => describe(one) === describe(other);

const describe = ({live, archive, renewal}: LineageFiles): string => JSON.stringify([...live, null, ...archive, null, renewal], (_, value: unknown) => value instanceof Map ? [...value] : value);

/** Writes them below a folder, in whose `live` and `archive` the lineage must not be yet. Links come last: with them it is there. */
export const writeLineage = (root: RawPath, files: LineageFiles, folderNames: {readonly live: RawPath; readonly archive: RawPath}): void => {
	writeFolder(`${root}/archive`, folderNames.archive, files.archive);
	writeFolder(`${root}/live`, folderNames.live, files.live);
};

export const writeRenewal = (root: RawPath, {name, renewal}: Pick<LineageFiles, 'name' | 'renewal'>): void => {
	const folder = Directory.openTrusted(`${root}/renewal`, true);

	try {
		if (renewal !== null) {
			replaceIn(folder, `${name}.conf`, {content: renewal.content, owner: ours(renewal.mode)});
		} else if (folder.tryLstat(`${name}.conf`) !== undefined) {
			folder.remove(`${name}.conf`);
		}
	} finally {
		folder.close();
	}
};

const writeFolder = (path: RawPath, name: RawPath, files: LineageFiles['live']): void => {
	const parent = Directory.openTrusted(path, true);

	try {
		parent.makeFolder(name, 0o755);
		const folder = parent.openFolder(name);

		try {
			for (const [entry, file] of files) {
				if (file.type === 'link') {
					folder.makeLink(file.target, entry);
				} else {
					replaceIn(folder, entry, {content: file.content, owner: ours(file.mode)});
				}
			}
		} finally {
			folder.close();
		}
	} finally {
		parent.close();
	}
};

const ours = (mode: number): FileOwner => ({mode, uid: process.geteuid!(), gid: process.getegid!()});

export const sizeOf = ({live, archive, renewal}: LineageFiles): number => [...live.values(), ...archive.values(), ...renewal === null ? [] : [renewal]].reduce((sum, file) => sum + (file.type === 'file' ? file.content.length : 0), 0);
