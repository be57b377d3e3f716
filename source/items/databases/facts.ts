import {readFile, writeFile} from 'node:fs/promises';
import type {DatabaseKind} from '../../domain/owned-names.ts';
import type {RawPath} from '../../domain/raw-name.ts';
import {systemPath} from '../../system/directory.ts';

const fileName = 'database.json';

export type DatabaseFacts = {readonly version: 1; readonly kind: DatabaseKind; readonly name: string};

export const writeFacts = async (folder: RawPath, facts: DatabaseFacts): Promise<void> => {
	await writeFile(systemPath(`${folder}/${fileName}`), `${JSON.stringify(facts, undefined, '\t')}\n`, {mode: 0o600, flag: 'wx'});
};

export const readFacts = async <Facts extends DatabaseFacts>(folder: RawPath, kind?: Facts['kind']): Promise<Facts> => {
	const facts = JSON.parse(await readFile(systemPath(`${folder}/${fileName}`), 'utf8')) as Facts;

	if (facts.version !== 1 || (kind !== undefined && facts.kind !== kind)) {
		throw new Error('it was stored by a newer version');
	}

	return facts;
};
