/** The files that virtual FTP logins are in: a line each, with login, hash, UID, GID and home as in passwd. */
import {isAbsolute} from 'node:path/posix';
import {fromText, type RawPath} from '../../domain/raw-name.ts';
import {readSetting} from '../../state/read-setting.ts';
import {includedFiles} from '../included-files.ts';
import {isSystem} from '../is-system.ts';
import type {ItemContext} from '../item.ts';
import {isThere, readLiveFile} from '../live-file.ts';

export type FtpServer = 'pure-ftpd' | 'proftpd';

export type LoginFile = {
	readonly server: FtpServer;
	readonly path: RawPath;
	/** Raw, without their newlines. */
	readonly lines: readonly string[];
};

/** In the order in which they are asked. */
export const readLoginFiles = async (context: ItemContext): Promise<readonly LoginFile[]> => {
	const pureftpd = await findPath(context, 'items.pureftpd', '/etc/pure-ftpd/pureftpd.passwd');
	const proftpd = await findPath(context, 'items.proftpd', '/etc/proftpd/proftpd.conf');
	const found: ReadonlyArray<Omit<LoginFile, 'lines'>> = [
		...pureftpd === undefined ? [] : [{server: 'pure-ftpd', path: pureftpd} as const],
		...proftpd === undefined ? [] : authUserFiles(proftpd, 0).map(path => ({server: 'proftpd', path} as const)),
	];

	return found.flatMap(file => {
		const live = readLiveFile(file.path);

		return live === undefined ? [] : [{...file, lines: live.content.toString('latin1').split('\n').filter(line => line !== '')}];
	});
};

/** `undefined` where there is none, or these accounts are not the system's and none is named for them. */
const findPath = async ({store}: ItemContext, key: 'items.pureftpd' | 'items.proftpd', usual: RawPath): Promise<RawPath | undefined> => {
	const setting = await readSetting(store, key);
	const path = setting === 'system' ? usual : fromText(setting);

	return (setting !== 'system' || await isSystem(store)) && isThere(path) ? path : undefined;
};

const deepestInclude = 5;

/** Those that a configuration of proftpd's names, in whatever it includes. */
const authUserFiles = (path: RawPath, depth: number): readonly RawPath[] => {
	const lines = readLiveFile(path)?.content.toString('latin1').split('\n') ?? [];
	const found = lines.flatMap((line): readonly RawPath[] => {
		const [, keyword, value] = /^\s*(?<keyword>authuserfile|include)\s+"?(?<value>\/[^\s"]+)"?/iv.exec(line) ?? [];

		if (keyword === undefined || value === undefined || !isAbsolute(value)) {
			return [];
		}

		return keyword.toLowerCase() === 'include' ? (depth < deepestInclude ? includedFiles(value).flatMap(file => authUserFiles(file, depth + 1)) : []) : [value];
	});

	return [...new Set(found)];
};

export type LoginFields = {readonly name: RawPath; readonly uid: number; readonly gid: number; readonly home: RawPath};

/** The fields that say whose a login is; `undefined` for a line that is none. */
export const fieldsOf = (line: string): LoginFields | undefined => {
	const [name, , uid, gid, , home] = line.split(':', 6);

	return name === undefined || home === undefined || name === '' || name.startsWith('#') || !/^\d+$/v.test(uid!) || !/^\d+$/v.test(gid!)
		? undefined
		: {
			name, uid: Number(uid), gid: Number(gid), home,
		};
};
