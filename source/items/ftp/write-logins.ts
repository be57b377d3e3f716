import {Buffer} from 'node:buffer';
import {dirname} from 'node:path/posix';
import type {Finding} from '../../domain/item.ts';
import type {RawPath} from '../../domain/raw-name.ts';
import {runTool} from '../../system/run-tool.ts';
import {isThere, readLiveFile, writeLiveFile} from '../live-file.ts';
import {fieldsOf, type LoginFile} from './login-files.ts';

export type LoginChange = {
	readonly login: RawPath;
	/** `undefined`: it goes. */
	readonly line: string | undefined;
	readonly signal: AbortSignal;
};

/** Puts a login's line in the place of the one it has, or at the end; no other line is touched. Where pure-ftpd's database cannot be made of it, all is as it was. */
export const writeLogin = async ({server, path}: LoginFile, {login, line, signal}: LoginChange): Promise<readonly Finding[]> => {
	const live = readLiveFile(path);

	if (live === undefined) {
		throw new Error(`${path} vanished`);
	}

	const lines = live.content.toString('latin1').split('\n');
	const isIts = (each: string): boolean => fieldsOf(each)?.name === login;
	const index = lines.findIndex(each => isIts(each));
	const others = lines.filter(each => !isIts(each));
	const place = index === -1 ? lines.findLastIndex(each => each !== '') + 1 : index;
	const changed = line === undefined ? others : others.toSpliced(place, 0, line);
	const text = changed.join('\n');

	writeLiveFile(path, Buffer.from(text.endsWith('\n') ? text : `${text}\n`, 'latin1'), live.owner);

	try {
		return server === 'pure-ftpd' ? await makeDatabase(path, signal) : [];
	} catch (error) {
		writeLiveFile(path, live.content, live.owner);
		throw error;
	}
};

/** The database that pure-ftpd asks lies beside the file that it is made of. */
const makeDatabase = async (path: RawPath, signal: AbortSignal): Promise<readonly Finding[]> => {
	const database = [`${dirname(path)}/pureftpd.pdb`, '/etc/pureftpd.pdb'].find(candidate => isThere(candidate)) ?? `${dirname(path)}/pureftpd.pdb`;
	const result = await runTool('pure-pw', ['mkdb', database, '-f', path], {signal});

	if (result === undefined) {
		return [{level: 'problem', path: '', message: `ftp: there is no program pure-pw, so pure-ftpd does not know of ${path} yet: install pure-ftpd`}];
	}

	if (result.status !== 0) {
		throw new Error(`pure-pw ended with ${result.status} (${result.complaint})`);
	}

	return [];
};
