import {
	canMeanNameThatBegins,
	exampleOf,
	isMeant,
	isOpenEnded,
} from '../../domain/grant-pattern.ts';
import {isOwnDatabase, isOwnUser} from '../../domain/owned-names.ts';
import {toText} from '../../domain/raw-name.ts';
import {openMariadb, type Mariadb} from '../databases/mariadb/mariadb.ts';
import type {ItemContext} from '../item.ts';

export type AccountUsers = {
	readonly server: Mariadb;
	/** The users that are the account's, by their names or because they have rights on its databases only. */
	list(): Promise<readonly string[]>;
	/** Whether a grant on this database, or on databases like it, is on the account's alone. */
	readonly isOwn: (database: string) => boolean;
	readonly isOwnUser: (user: string) => boolean;
};

const reserved = new Set(['', 'root', 'mysql', 'mariadb.sys', 'mysql.sys', 'mysql.session', 'mysql.infoschema', 'debian-sys-maint', 'PUBLIC']);

/** `undefined` where there is no server. */
export const openUsers = async (context: ItemContext): Promise<AccountUsers | undefined> => {
	const server = await openMariadb(context);

	if (server === undefined) {
		return undefined;
	}

	const {identities} = await context.store.read('accounts');
	const rows = await server.query('SELECT schema_name FROM information_schema.schemata');
	const existing = rows.map(([name]) => name!);
	const isOwnName = (name: string): boolean => isOwnDatabase(name, {kind: 'mysql', account: context.account, identities});
	const others = identities.filter(({uuid}) => uuid !== context.account.uuid).map(({name}) => `${toText(name)}_`).filter(start => !isOwnName(`${start}x`));
	const isOwn = (pattern: string): boolean => isOwnName(exampleOf(pattern)) && existing.every(name => !isMeant(name, pattern) || isOwnName(name)) && (!isOpenEnded(pattern) || others.every(start => !canMeanNameThatBegins(start, pattern)));
	const isNamedForAccount = (user: string): boolean => !reserved.has(user) && isOwnUser(user, {account: context.account, identities});

	return {
		server,
		isOwn,
		isOwnUser: isNamedForAccount,
		async list() {
			const users = await server.query('SELECT DISTINCT user FROM mysql.user ORDER BY 1');
			const rights = await server.query('SELECT user, db FROM mysql.db UNION SELECT user, db FROM mysql.tables_priv UNION SELECT user, db FROM mysql.columns_priv UNION SELECT user, db FROM mysql.procs_priv');
			const mighty = await server.query('SELECT grantee FROM information_schema.user_privileges WHERE privilege_type <> \'USAGE\'');
			const isBound = (user: string): boolean => {
				const own = rights.filter(([name]) => name === user);

				return own.length > 0 && own.every(([, database]) => isOwn(database!)) && mighty.every(([grantee]) => !grantee!.startsWith(`'${user}'@`)) && identities.every(other => !isOwnUser(user, {account: other, identities}));
			};

			return users.map(([user]) => user!).filter(user => !reserved.has(user) && (isNamedForAccount(user) || isBound(user)));
		},
	};
};
