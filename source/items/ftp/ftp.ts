/** One part a virtual FTP login of the account's UID: its line. */
import {Buffer} from 'node:buffer';
import {readFile, writeFile} from 'node:fs/promises';
import type {RawPath} from '../../domain/raw-name.ts';
import {systemPath} from '../../system/directory.ts';
import type {
	Item,
	ItemContext,
	PartContext,
	RestoreContext,
} from '../item.ts';
import {isThere} from '../live-file.ts';
import {pickPart, type LivePart} from '../pick-part.ts';
import {checkLogin} from './check-login.ts';
import {
	fieldsOf,
	type FtpServer,
	type LoginFile,
	readLoginFiles,
} from './login-files.ts';
import {writeLogin} from './write-logins.ts';

export const ftp: Item = {
	name: 'ftp',
	isOfFiles: false,
	bareName: part => part.replace(/^(?:pure-ftpd|proftpd):/v, ''),

	async discover(context) {
		const found = await findLogins(context);

		return found.map(({part}) => part);
	},

	async capture(context) {
		const found = await findLogins(context);
		const login = found.find(({part}) => part === context.part);

		if (login === undefined) {
			throw new Error('the login vanished before it was read');
		}

		await writeFile(systemPath(pathOf(context, login.file.server)), Buffer.from(`${login.line}\n`, 'latin1'), {mode: 0o600, flag: 'wx'});

		return [];
	},

	async plan(context) {
		const {line, live} = await openPart(context);
		const sizeBytes = line.length;

		if (live === undefined) {
			return {action: 'create', reason: 'missing', sizeBytes};
		}

		return live === line || context.isMerge ? {action: 'keep', reason: context.isMerge ? 'it exists' : 'the same', sizeBytes} : {action: 'overwrite', reason: 'differs', sizeBytes};
	},

	async putBack(context) {
		const {line, file, name} = await openPart(context);

		checkLogin(line, context.account);

		return writeLogin(file, {login: name, line, signal: context.signal});
	},

	async check(context) {
		const {line, live} = await openPart(context);

		if (context.isMerge ? live === undefined : live !== line) {
			throw new Error('the login is not what was written');
		}
	},

	async remove(context) {
		const found = await findLogins(context);
		const login = pickPart(found, context.part);
		await writeLogin(login.file, {login: fieldsOf(login.line)!.name, line: undefined, signal: context.signal});
	},
};

type FoundLogin = LivePart & {readonly line: string; readonly file: LoginFile};

/** A part is named as its login, with the server before it where two have one of that name. */
const findLogins = async (context: ItemContext): Promise<readonly FoundLogin[]> => {
	const files = await readLoginFiles(context);
	const found = files.flatMap(file => file.lines.filter(line => fieldsOf(line)?.uid === context.account.uid).map(line => ({name: fieldsOf(line)!.name, line, file})));

	return found.map(({name, line, file}) => {
		const fullName = `${file.server}:${name}`;

		return {
			line, file, fullName, part: found.some(other => other.name === name && other.file !== file) ? fullName : name,
		};
	});
};

type OpenedPart = {readonly name: string; readonly line: string; readonly file: LoginFile; readonly live: string | undefined};

const openPart = async (context: RestoreContext): Promise<OpenedPart> => {
	const server: FtpServer = isThere(pathOf(context, 'pure-ftpd')) ? 'pure-ftpd' : 'proftpd';
	const stored = await readFile(systemPath(pathOf(context, server)), 'latin1');
	const line = stored.replace(/\n$/v, '');
	const fields = fieldsOf(line);
	const files = await readLoginFiles(context);

	if (fields === undefined || ![fields.name, `${server}:${fields.name}`].includes(context.part)) {
		throw new Error('it is of another login');
	}

	const own = files.filter(file => file.server === server);
	const isIts = (each: string): boolean => fieldsOf(each)?.name === fields.name;
	const file = own.find(({lines}) => lines.some(each => isIts(each))) ?? own[0];

	if (file === undefined) {
		throw new Error(`there is no file of virtual logins of ${server}; set items.${server === 'proftpd' ? 'proftpd' : 'pureftpd'}, or make one`);
	}

	const live = file.lines.find(each => isIts(each));

	if (live !== undefined && fieldsOf(live)?.uid !== context.account.uid) {
		throw new Error('a login of this name is somebody else\'s now');
	}

	return {
		name: fields.name, line, file, live,
	};
};

const pathOf = ({folder}: PartContext, server: FtpServer): RawPath => `${folder}/${server}`;
