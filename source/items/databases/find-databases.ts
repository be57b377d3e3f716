import {Buffer} from 'node:buffer';
import {isOwnDatabase, type DatabaseKind} from '../../domain/owned-names.ts';
import type {ItemContext} from '../item.ts';
import type {LivePart} from '../pick-part.ts';
import {openMariadb} from './mariadb/mariadb.ts';
import {mariadbServer} from './mariadb/mariadb-server.ts';
import {openPostgresql} from './postgresql/postgresql.ts';
import {postgresqlServer} from './postgresql/postgresql-server.ts';
import type {DatabaseServer} from './server.ts';

export type FoundDatabase = LivePart & {
	readonly name: string;
	readonly server: DatabaseServer;
};

/** The databases of an account. A part is named as its database, with the kind of its server before it where two are named alike. */
export const findDatabases = async (context: ItemContext): Promise<readonly FoundDatabase[]> => {
	const {identities} = await context.store.read('accounts');
	const found: Array<Omit<FoundDatabase, keyof LivePart>> = [];

	for (const kind of kinds) {
		const server = await openServer(kind, context);
		const declared = context.account.databases.filter(database => database.startsWith(`${kind}:`)).map(database => database.slice(kind.length + 1));

		if (server === undefined) {
			if (declared.length > 0) {
				throw new Error(`there is no ${titles[kind]} to read ${declared.join(', ')} from; is it running?`);
			}

			continue;
		}

		// A declared one that is not there is found all the same: that it cannot be read is told.
		const names = new Set([...await server.list(), ...declared]);
		found.push(...[...names].filter(name => isOwnDatabase(name, {kind, account: context.account, identities})).map(name => ({name, server})));
	}

	return found.map(({name, server}) => {
		const fullName = toPart(`${server.kind}:${name}`);

		return {
			name, server, fullName, part: found.some(other => other.name === name && other.server !== server) ? fullName : toPart(name),
		};
	});
};

const kinds = ['mysql', 'postgresql'] as const;
const titles: Readonly<Record<DatabaseKind, string>> = {mysql: 'MariaDB or MySQL', postgresql: 'PostgreSQL'};

export const openServer = async (kind: DatabaseKind, context: Pick<ItemContext, 'store' | 'signal'>): Promise<DatabaseServer | undefined> => {
	if (kind === 'postgresql') {
		const postgresql = await openPostgresql(context);

		return postgresql && postgresqlServer(postgresql);
	}

	const mariadb = await openMariadb(context);

	return mariadb && mariadbServer(mariadb);
};

const toPart = (name: string): string => Buffer.from(name).toString('latin1');
