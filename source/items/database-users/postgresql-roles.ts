import {isOwnDatabase, isOwnUser} from '../../domain/owned-names.ts';
import {openPostgresql, quoteName, type Postgresql} from '../databases/postgresql/postgresql.ts';
import type {ItemContext} from '../item.ts';
import {
	parseRole,
	possibleOf,
	readRole,
	statementsFor,
	type Ownership,
	type RoleRecord,
	type RoleSurroundings,
} from './role-record.ts';
import type {OpenedUser, UserServer} from './user-server.ts';

/** Roles that are named for the account. `undefined` where there is no server. */
export const openRoles = async (context: ItemContext): Promise<UserServer | undefined> => {
	const server = await openPostgresql(context);

	if (server === undefined) {
		return undefined;
	}

	const {identities} = await context.store.read('accounts');
	const isOwnRole = (role: string): boolean => role !== 'postgres' && !role.startsWith('pg_') && isOwnUser(role, {account: context.account, identities});
	const roles = async (): Promise<readonly Role[]> => {
		const all = await server.query<Role>('SELECT rolname AS name, rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls AS "isMighty" FROM pg_roles ORDER BY 1');

		return all.filter(({name}) => isOwnRole(name));
	};

	return postgresqlRoles({
		server, roles, isOwnRole, isOwnDatabase: name => isOwnDatabase(name, {kind: 'postgresql', account: context.account, identities}),
	});
};

type Role = {
	readonly name: string;
	/** It may do more than log in, all over the server: nothing that a backup of an account gives. */
	readonly isMighty: boolean;
};

type AccountRoles = Ownership & {readonly server: Postgresql; roles(): Promise<readonly Role[]>};

const postgresqlRoles = (own: AccountRoles): UserServer => ({
	kind: 'postgresql',
	async list() {
		const roles = await own.roles();

		return roles.filter(({isMighty}) => !isMighty).map(({name}) => name);
	},
	async remark() {
		const roles = await own.roles();

		return roles.filter(({isMighty}) => isMighty).map(({name}) => `the role ${name} may do more on the server than log in, so it is not taken`);
	},
	async capture(user) {
		const read = await readRole(own.server, user, own);

		if (read === undefined) {
			throw new Error('the role vanished before it was read');
		}

		return read;
	},
	async open(stored) {
		return openRole(own, parseRole(stored));
	},
	async remove(user) {
		await own.server.run(`DROP ROLE ${quoteName(user)}`);
	},
});

const openRole = async (own: AccountRoles, record: RoleRecord): Promise<OpenedUser> => {
	const {server, isOwnRole, isOwnDatabase: isOwnBase} = own;
	const live = await readRole(server, record.user, own);
	const named = await own.roles();
	const strange = [record.user, ...[...record.memberOf, ...record.members].map(({role}) => role)].find(role => !isOwnRole(role)) ?? record.rights.find(({database}) => !isOwnBase(database))?.database;

	if (strange !== undefined) {
		throw new Error(`${strange} is not the account's`);
	}

	const mighty = named.find(({name, isMighty}) => isMighty && (name === record.user || record.memberOf.some(({role}) => role === name)));

	if (mighty !== undefined) {
		throw new Error(`the role ${mighty.name} may do more on the server than log in`);
	}

	const wanted = possibleOf(record, await readSurroundings(server, record.user));

	return {
		isLive: live !== undefined,
		isSame: live !== undefined && JSON.stringify(live.record) === JSON.stringify(wanted),
		async set() {
			await server.run(['BEGIN', ...statementsFor(wanted, live?.record), 'COMMIT'].join(';\n'));

			return record.memberOf.filter(each => !wanted.memberOf.includes(each)).map(({role}) => `it is not in the role ${role}, which does not exist: it will be when that is restored, too`);
		},
	};
};

const readSurroundings = async (server: Postgresql, user: string): Promise<RoleSurroundings> => {
	const roles = await server.query<{name: string}>('SELECT rolname AS name FROM pg_roles');
	const databases = await server.query<{name: string; owner: string}>('SELECT d.datname AS name, r.rolname AS owner FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba');

	// An owner has all rights, and none that could be given.
	return {roles: new Set(roles.map(({name}) => name)), databases: new Set(databases.filter(({owner}) => owner !== user).map(({name}) => name))};
};
