/** PostgreSQL, reached over its socket as the user it runs as. */
import {Buffer} from 'node:buffer';
import {statSync} from 'node:fs';
import {dirname, extname} from 'node:path';
import {readSetting} from '../../../state/read-setting.ts';
import {runTool, type ToolResult, type ToolRun} from '../../../system/run-tool.ts';
import {isSystem} from '../../is-system.ts';
import type {ItemContext} from '../../item.ts';

export type Postgresql = {
	readonly port: string;
	readonly signal: AbortSignal;
	/** Runs statements in a database and returns what they print. */
	run(sql: string, database?: string): Promise<string>;
	/** The rows of one query. */
	query<Row>(select: string, database?: string): Promise<readonly Row[]>;
	/** The same server, for what must be ended once it is begun: no signal stops it. */
	unstoppable(): Postgresql;
	/** The same server, ended by another signal. */
	stoppedBy(signal: AbortSignal): Postgresql;
};

export const plainOutput = ['--no-psqlrc', '--quiet', '--tuples-only', '--no-align', '--set=ON_ERROR_STOP=1'];

/** `undefined` where there is none. */
export const openPostgresql = async ({store, signal}: Pick<ItemContext, 'store' | 'signal'>): Promise<Postgresql | undefined> => {
	const setting = await readSetting(store, 'items.postgresql');
	const socket = setting === 'system' ? '/run/postgresql/.s.PGSQL.5432' : setting;
	const stats = statSync(socket, {throwIfNoEntry: false});

	return stats === undefined || (setting === 'system' && !await isSystem(store)) ? undefined : connect({socket, user: {uid: stats.uid, gid: stats.gid}, signal});
};

type Connection = {readonly socket: string; readonly user: {readonly uid: number; readonly gid: number}; readonly signal: AbortSignal};

const connect = (connection: Connection): Postgresql => {
	const {socket, user, signal} = connection;
	const port = extname(socket).slice(1);
	const run = async (sql: string, database = 'postgres'): Promise<string> => {
		const {output} = await runProgram('psql', [...plainOutput, `--dbname=${conninfo({
			host: dirname(socket), port, dbname: database, options: lockPatience,
		})}`], {signal, input: Buffer.from(sql), user});

		return output.toString();
	};

	return {
		port,
		signal,
		run,
		query: async <Row>(select: string, database?: string) => JSON.parse(await run(`SELECT coalesce(json_agg(r), '[]') FROM (${select}) r`, database)) as readonly Row[],
		unstoppable: () => connect({...connection, signal: new AbortController().signal}),
		stoppedBy: other => connect({...connection, signal: other}),
	};
};

/**
Runs a program of PostgreSQL's to a good end.
@throws Error with what it said
*/
export const runProgram = async (program: string, line: readonly string[], run: ToolRun): Promise<ToolResult> => {
	const result = await runTool(program, line.map(argument => Buffer.from(argument).toString('latin1')), run);

	if (result === undefined) {
		throw new Error(`there is no program ${program}: install postgresql-client`);
	}

	if (result.status !== 0) {
		throw new Error(`${program} ended with ${result.status}: ${result.complaint}`);
	}

	return result;
};

/** In seconds: a server that is stuck takes connections and never answers. */
const connectPatience = '30';

/** A connection that is stuck keeps its locks for ever; who waits for one longer than this is told so. */
const lockPatience = '-c lock_timeout=30s';

/** How to connect, as libpq takes it. */
export const conninfo = (values: Readonly<Record<string, string>>): string => [...Object.entries(values), ['connect_timeout', connectPatience] as const].map(([key, value]) => `${key}='${value.replaceAll(/['\\]/gv, String.raw`\$&`)}'`).join(' ');

export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const quoteText = (text: string): string => `convert_from(decode('${Buffer.from(text).toString('hex')}', 'hex'), 'UTF8')`;
