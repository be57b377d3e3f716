/** One part a user of the database server, with all its hosts. */
import {Buffer} from 'node:buffer';
import {readFile, writeFile} from 'node:fs/promises';
import type {Finding} from '../../domain/item.ts';
import {systemPath} from '../../system/directory.ts';
import {quoteText, quoteUser, single} from '../databases/mariadb/sql.ts';
import type {
	Item,
	ItemContext,
	PartContext,
	RestoreContext,
} from '../item.ts';
import {openUsers, type AccountUsers} from './find-users.ts';
import {
	checkIdentified,
	grantTo,
	readUser,
	revokeFrom,
	type UserRecord,
} from './user-record.ts';

const fileName = 'user.json';

export const databaseUsers: Item = {
	name: 'database-users',
	isOfFiles: false,

	async discover(context) {
		const users = await openUsers(context);
		const names = await users?.list() ?? [];

		return names.map(name => Buffer.from(name).toString('latin1'));
	},

	async capture(context) {
		const users = await requireUsers(context);
		const user = Buffer.from(context.part, 'latin1').toString();
		const {record, foreign} = await readUser(users.server, {user, isOwn: users.isOwn});

		if (record.hosts.length === 0) {
			throw new Error('the user vanished before it was read');
		}

		for (const {identified} of record.hosts) {
			checkIdentified(identified);
		}

		await writeFile(systemPath(`${context.folder}/${fileName}`), `${JSON.stringify(record, undefined, '\t')}\n`, {mode: 0o600, flag: 'wx'});

		return foreign.map((line): Finding => ({level: 'note', path: '', message: `database-users: ${user}: not on the account's databases alone, so not taken: ${line}`}));
	},

	async plan(context) {
		const {record, live} = await openPart(context);
		const sizeBytes = JSON.stringify(record).length;

		if (live.hosts.length === 0) {
			return {action: 'create', reason: 'missing', sizeBytes};
		}

		return context.isMerge || isSame(record, live) ? {action: 'keep', reason: context.isMerge ? 'it exists' : 'the same', sizeBytes} : {action: 'overwrite', reason: 'differs in hosts, hashes or rights', sizeBytes};
	},

	async putBack(context) {
		const {users, record, live} = await openPart(context);

		await setUser(users, record, live);

		return [];
	},

	async remove(context) {
		const {server, list} = await requireUsers(context);
		const user = Buffer.from(context.part, 'latin1').toString();
		const known = await list();

		if (!known.includes(user)) {
			throw new Error('it is none of the account\'s users');
		}

		const hosts = await server.query(`SELECT host FROM mysql.user WHERE user = ${quoteText(user)}`);
		await server.query(hosts.map(([host]) => single(`DROP USER ${quoteUser({user, host: host!})}`)).join('\n'));
	},

	async check(context) {
		const {record, live} = await openPart(context);

		if (context.isMerge ? live.hosts.length === 0 : !isSame(record, live)) {
			throw new Error('the user is not what was written');
		}
	},
};

const requireUsers = async (context: ItemContext): Promise<AccountUsers> => {
	const users = await openUsers(context);

	if (users === undefined) {
		throw new Error('there is no MariaDB or MySQL; is it running?');
	}

	return users;
};

const pathOf = ({folder}: PartContext): string | Buffer => systemPath(`${folder}/${fileName}`);

type OpenedPart = {readonly users: AccountUsers; readonly record: UserRecord; readonly live: UserRecord};

const openPart = async (context: RestoreContext): Promise<OpenedPart> => {
	const record = JSON.parse(await readFile(pathOf(context), 'utf8')) as UserRecord;
	const users = await requireUsers(context);
	const {server, isOwn} = users;
	const foreign = record.hosts.flatMap(({grants}) => grants).find(({database}) => !isOwn(database));

	if (record.version !== 1 || record.kind !== 'mysql') {
		throw new Error('it was stored by a newer version');
	}

	// One that is the account's for its rights alone must still be so where it is live.
	const known = await users.list();
	const {record: live} = await readUser(server, {user: record.user, isOwn});

	if (!users.isOwnUser(record.user) && live.hosts.length > 0 && !known.includes(record.user)) {
		throw new Error(`the user ${record.user} is not the account's alone`);
	}

	if (foreign !== undefined) {
		throw new Error(`it has rights on ${foreign.database}, which is not the account's`);
	}

	return {users, record, live};
};

const isSame = (one: UserRecord, other: UserRecord): boolean => JSON.stringify(one.hosts) === JSON.stringify(other.hosts);

/** Every statement is made and checked before the first is run. */
const setUser = async ({server}: AccountUsers, {user, hosts}: UserRecord, live: UserRecord): Promise<void> => {
	const statements = hosts.flatMap(({host, identified, grants}) => {
		const account = quoteUser({user, host});
		const before = live.hosts.find(each => each.host === host)?.grants ?? [];
		const clause = checkIdentified(identified);

		return [
			`CREATE USER IF NOT EXISTS ${account} ${clause}`,
			...clause === '' ? [] : [`ALTER USER ${account} ${clause}`],
			...before.flatMap(grant => revokeFrom(account, grant)),
			...grants.map(grant => grantTo(account, grant)),
		];
	});
	const gone = live.hosts.filter(({host}) => hosts.every(each => each.host !== host)).map(({host}) => `DROP USER ${quoteUser({user, host})}`);

	await server.query([...statements, ...gone].map(statement => single(statement)).join('\n'));
};
