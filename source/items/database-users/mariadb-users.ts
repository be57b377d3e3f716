import {quoteText, quoteUser, single} from '../databases/mariadb/sql.ts';
import type {AccountUsers} from './find-users.ts';
import {
	checkIdentified,
	grantTo,
	readUser,
	revokeFrom,
	type UserRecord,
} from './user-record.ts';
import type {UserServer} from './user-server.ts';

/** Users of MariaDB or MySQL, each with all its hosts. */
export const mariadbUsers = (users: AccountUsers): UserServer => ({
	kind: 'mysql',
	list: users.list,
	async remark() {
		return [];
	},
	async capture(user) {
		const {record, foreign} = await readUser(users.server, {user, isOwn: users.isOwn});

		if (record.hosts.length === 0) {
			throw new Error('the user vanished before it was read');
		}

		for (const {identified} of record.hosts) {
			checkIdentified(identified);
		}

		return {record, foreign: foreign.map(line => `not on the account's databases alone, so not taken: ${line}`)};
	},
	async open(stored) {
		const record = stored as UserRecord;
		const live = await readLive(users, record);

		return {
			isLive: live.hosts.length > 0,
			isSame: JSON.stringify(record.hosts) === JSON.stringify(live.hosts),
			async set() {
				await setUser(users, record, live);

				return [];
			},
		};
	},
	async remove(user) {
		const hosts = await users.server.query(`SELECT host FROM mysql.user WHERE user = ${quoteText(user)}`);
		await users.server.query(hosts.map(([host]) => single(`DROP USER ${quoteUser({user, host: host!})}`)).join('\n'));
	},
});

const readLive = async ({server, isOwn, isOwnUser, list}: AccountUsers, {user, hosts}: UserRecord): Promise<UserRecord> => {
	const foreign = hosts.flatMap(({grants}) => grants).find(({database}) => !isOwn(database));
	// One that is the account's for its rights alone must still be so where it is live.
	const known = await list();
	const {record: live} = await readUser(server, {user, isOwn});

	if (!isOwnUser(user) && live.hosts.length > 0 && !known.includes(user)) {
		throw new Error(`the user ${user} is not the account's alone`);
	}

	if (foreign !== undefined) {
		throw new Error(`it has rights on ${foreign.database}, which is not the account's`);
	}

	return live;
};

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
