import {readFile, writeFile} from 'node:fs/promises';
import type {Identity} from '../../domain/account.ts';
import type {RawPath} from '../../domain/raw-name.ts';
import {systemPath} from '../../system/directory.ts';
import {parseRecord, type AccountRecord} from './account-record.ts';
import {configFile} from './config.ts';

/**
Makes the record of an account that was captured on another server one of this account: its name, ids and home, which are others there.
@throws Error where it is no record
*/
export const adaptConfig = async (folder: RawPath, account: Pick<Identity, 'name' | 'uid' | 'gid' | 'home'>): Promise<void> => {
	const path = systemPath(`${folder}/${configFile}`);
	let text: string;

	try {
		text = await readFile(path, 'utf8');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return;
		}

		throw error;
	}

	const record = adapt(parseRecord(text), account);
	await writeFile(path, `${JSON.stringify(record, null, '\t')}\n`, {mode: 0o600});
};

const adapt = (record: AccountRecord, {name, uid, gid, home}: Pick<Identity, 'name' | 'uid' | 'gid' | 'home'>): AccountRecord => {
	const {1: password, 4: comment, 6: shell} = record.passwd.split(':');
	const [, ...shadow] = record.shadow?.split(':') ?? [];
	const {1: groupPassword} = record.group?.split(':') ?? [];

	return {
		...record,
		passwd: [name, password, uid, gid, comment, home, shell].join(':'),
		shadow: record.shadow === null ? null : [name, ...shadow].join(':'),
		gshadow: typeof record.gshadow === 'string' ? [name, record.gshadow.split(':', 2)[1] ?? '!', '', ''].join(':') : null,
		group: record.group === null ? null : [name, groupPassword, gid, ''].join(':'),
	};
};
