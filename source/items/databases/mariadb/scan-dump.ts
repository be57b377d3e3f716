import {Buffer} from 'node:buffer';
import type {RawPath} from '../../../domain/raw-name.ts';
import {linesOf} from '../lines-of.ts';

/**
Counts the rows of each table in a dump; `null` where the program that wrote it puts rows together on a line.
@throws Error where the dump breaks off
*/
export const scanDump = async (path: RawPath): Promise<ReadonlyMap<string, number | null>> => {
	const rows = new Map<string, number | null>();
	let table: string | undefined;
	let last = '';

	for await (const line of linesOf(path)) {
		last = line;

		if (table !== undefined && line.startsWith('(')) {
			rows.set(table, rows.get(table)! + 1);
			continue;
		}

		const match = /^INSERT INTO `(?<name>(?:[^`]|``)*)` VALUES(?<rest>.?)/v.exec(line);

		if (match === null) {
			table = undefined;
			continue;
		}

		const name = Buffer.from(match.groups!.name!.replaceAll('``', '`'), 'latin1').toString();
		const isCountable = match.groups!.rest === '' && rows.get(name) !== null;
		rows.set(name, isCountable ? rows.get(name) ?? 0 : null);
		table = isCountable ? name : undefined;
	}

	if (!last.startsWith('-- Dump completed')) {
		throw new Error('the dump breaks off before its end');
	}

	return rows;
};
