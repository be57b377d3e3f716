import {Buffer} from 'node:buffer';
import {open, rm} from 'node:fs/promises';
import type {RawPath} from '../../../domain/raw-name.ts';
import {systemPath} from '../../../system/directory.ts';
import {linesOf} from '../lines-of.ts';
import {runProgram} from './postgresql.ts';

export type CountedTable = {
	/** As it is written in SQL, with its schema. */
	readonly name: string;
	readonly rows: number;
};

/**
Counts the rows of each table in a dump by reading all of it.
@throws Error where the dump breaks off
*/
export const scanDump = async (dump: RawPath, signal: AbortSignal): Promise<readonly CountedTable[]> => {
	const script = `${dump}.rows`;

	try {
		await using file = await open(systemPath(script), 'wx', 0o600);
		await runProgram('pg_restore', ['--data-only', '--file=-', Buffer.from(dump, 'latin1').toString()], {signal, outputFd: file.fd});

		return await countRows(script);
	} finally {
		await rm(systemPath(script), {force: true});
	}
};

const countRows = async (script: RawPath): Promise<readonly CountedTable[]> => {
	const tables: CountedTable[] = [];
	let table: string | undefined;
	let rows = 0;

	for await (const line of linesOf(script)) {
		if (table === undefined) {
			table = /^COPY (?<table>(?:"[^"]*"|[^\s"])+) (?:\(.*\) )?FROM stdin;$/v.exec(line)?.groups!.table;
			rows = 0;
		} else if (line === String.raw`\.`) {
			tables.push({name: Buffer.from(table, 'latin1').toString(), rows});
			table = undefined;
		} else {
			rows++;
		}
	}

	return tables;
};
