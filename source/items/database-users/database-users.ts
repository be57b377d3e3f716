/** One part a user of a database server. */
import {Buffer} from 'node:buffer';
import {readFile, writeFile} from 'node:fs/promises';
import type {DatabaseKind} from '../../domain/owned-names.ts';
import type {Finding} from '../../domain/item.ts';
import {systemPath} from '../../system/directory.ts';
import type {
	Item,
	ItemContext,
	PartContext,
	RestoreContext,
} from '../item.ts';
import {pickPart, type LivePart} from '../pick-part.ts';
import {openUsers} from './find-users.ts';
import {mariadbUsers} from './mariadb-users.ts';
import {openRoles} from './postgresql-roles.ts';
import type {OpenedUser, StoredUser, UserServer} from './user-server.ts';

const fileName = 'user.json';

export const databaseUsers: Item = {
	name: 'database-users',
	isOfFiles: false,
	bareName: part => part.replace(/^(?:mysql|postgresql):/v, ''),

	async discover(context) {
		const found = await findUsers(context);

		return found.map(({part}) => part);
	},

	async remark(context) {
		const servers = await openServers(context);
		const remarks = await Promise.all(servers.map(async server => server.remark()));

		return remarks.flat().map((message): Finding => ({level: 'note', path: '', message: `database-users: ${message}`}));
	},

	async capture(context) {
		const {user, server} = await findPart(context);
		const {record, foreign} = await server.capture(user);

		await writeFile(systemPath(`${context.folder}/${fileName}`), `${JSON.stringify(record, undefined, '\t')}\n`, {mode: 0o600, flag: 'wx'});

		return foreign.map((message): Finding => ({level: 'note', path: '', message: `database-users: ${user}: ${message}`}));
	},

	async plan(context) {
		const {record, opened} = await openPart(context);
		const sizeBytes = JSON.stringify(record).length;

		if (!opened.isLive) {
			return {action: 'create', reason: 'missing', sizeBytes};
		}

		return context.isMerge || opened.isSame ? {action: 'keep', reason: context.isMerge ? 'it exists' : 'the same', sizeBytes} : {action: 'overwrite', reason: 'differs in hosts, hashes or rights', sizeBytes};
	},

	async putBack(context) {
		const {record, opened} = await openPart(context);
		const left = await opened.set();

		return left.map((message): Finding => ({level: 'note', path: '', message: `database-users: ${record.user}: ${message}`}));
	},

	async remove(context) {
		const {user, server} = await findPart(context);

		await server.remove(user);
	},

	async check(context) {
		const {opened} = await openPart(context);

		if (context.isMerge ? !opened.isLive : !opened.isSame) {
			throw new Error('the user is not what was written');
		}
	},
};

const openServers = async (context: ItemContext): Promise<readonly UserServer[]> => {
	const users = await openUsers(context);
	const roles = await openRoles(context);

	return [...users === undefined ? [] : [mariadbUsers(users)], ...roles === undefined ? [] : [roles]];
};

type FoundUser = LivePart & {
	readonly user: string;
	readonly server: UserServer;
};

/** A part is named as its user, with the kind of its server before it where two are named alike. */
const findUsers = async (context: ItemContext): Promise<readonly FoundUser[]> => {
	const found: Array<Omit<FoundUser, keyof LivePart>> = [];

	for (const server of await openServers(context)) {
		const users = await server.list();
		found.push(...users.map(user => ({user, server})));
	}

	return found.map(({user, server}) => {
		const fullName = toPart(`${server.kind}:${user}`);

		return {
			user, server, fullName, part: found.some(other => other.user === user && other.server !== server) ? fullName : toPart(user),
		};
	});
};

const toPart = (name: string): string => Buffer.from(name).toString('latin1');

const findPart = async (context: ItemContext & {readonly part: string}): Promise<FoundUser> => {
	const found = await findUsers(context);

	return pickPart(found, context.part);
};

const titles: Readonly<Record<DatabaseKind, string>> = {mysql: 'MariaDB or MySQL', postgresql: 'PostgreSQL'};

const openPart = async (context: RestoreContext): Promise<{readonly record: StoredUser; readonly opened: OpenedUser}> => {
	const record = JSON.parse(await readFile(pathOf(context), 'utf8')) as StoredUser;

	if (record.version !== 1 || !Object.hasOwn(titles, record.kind)) {
		throw new Error('it was stored by a newer version');
	}

	const servers = await openServers(context);
	const server = servers.find(({kind}) => kind === record.kind);

	if (server === undefined) {
		throw new Error(`there is no ${titles[record.kind]}; is it running?`);
	}

	return {record, opened: await server.open(record)};
};

const pathOf = ({folder}: PartContext): string | Buffer => systemPath(`${folder}/${fileName}`);
