/** MariaDB or MySQL, reached over its socket as root. */
import {Buffer} from 'node:buffer';
import {existsSync} from 'node:fs';
import {readSetting} from '../../../state/read-setting.ts';
import {runTool, type ToolResult, type ToolRun} from '../../../system/run-tool.ts';
import {isSystem} from '../../is-system.ts';
import type {ItemContext} from '../../item.ts';
import {parseRows} from './sql.ts';

export type Mariadb = {
	readonly socket: string;
	readonly signal: AbortSignal;
	/** Runs statements and returns the rows of all. */
	query(sql: string): Promise<ReadonlyArray<readonly string[]>>;
};

/** `undefined` where there is none. */
export const openMariadb = async ({store, signal}: Pick<ItemContext, 'store' | 'signal'>): Promise<Mariadb | undefined> => {
	const setting = await readSetting(store, 'items.mysql');
	const socket = setting === 'system' ? '/run/mysqld/mysqld.sock' : setting;

	return (setting === 'system' && !await isSystem(store)) || !existsSync(socket) ? undefined : connect(socket, signal);
};

/** The same server, for what must be ended once it is begun: no signal stops it. */
export const unstoppable = (server: Mariadb): Mariadb => stoppedBy(server, new AbortController().signal);

/** The same server, ended by another signal. */
export const stoppedBy = ({socket}: Mariadb, signal: AbortSignal): Mariadb => connect(socket, signal);

const connect = (socket: string, signal: AbortSignal): Mariadb => ({
	socket,
	signal,
	async query(sql) {
		const {output} = await runClient(['--no-defaults', `--socket=${socket}`, '--user=root', '--batch', '--skip-column-names'], {signal, input: Buffer.from(sql)});

		return parseRows(output.toString());
	},
});

/** In seconds: a server that is stuck, as one that crashed may be, takes connections and never answers. */
const connectPatience = 30;

/**
Runs the client. Its own commands are off: what it reads may be hostile, and could run programs or send files of ours.
@throws Error with what it said
*/
export const runClient = async (line: readonly string[], run: ToolRun): Promise<ToolResult> =>
	runEither(['mariadb', 'mysql'], [...line, `--connect-timeout=${connectPatience}`, '--binary-mode', '--local-infile=0', '--default-character-set=utf8mb4', '--max-allowed-packet=1G'], run);

/** Runs the program under the newer of its names that there is. */
export const runEither = async (programs: readonly string[], line: readonly string[], run: ToolRun): Promise<ToolResult> => {
	for (const program of programs) {
		const result = await runTool(program, line.map(argument => Buffer.from(argument).toString('latin1')), run);

		if (result === undefined) {
			continue;
		}

		if (result.status !== 0) {
			throw new Error(`${program} ended with ${result.status}: ${result.complaint.replace(/^.*(?=ERROR \d)/sv, '')}`);
		}

		return result;
	}

	throw new Error(`there is no program ${programs[0]!}: install the client`);
};
