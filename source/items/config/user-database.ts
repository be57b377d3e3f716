import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import type {RawPath} from '../../domain/raw-name.ts';
import {
	type GroupEntry,
	parseGroup,
	parsePasswd,
	type PasswdEntry,
} from '../../domain/unix-database.ts';
import {readSetting} from '../../state/read-setting.ts';
import type {Store} from '../../state/store.ts';
import type {OwnGroup} from './own-group.ts';

export type UserDatabase = {
	/** Raw. */
	readonly passwdLines: readonly string[];
	readonly shadowLines: readonly string[];
	readonly groupLines: readonly string[];
	/** None where there is no such file. */
	readonly gshadowLines: readonly string[];
	readonly users: readonly PasswdEntry[];
	readonly groups: readonly GroupEntry[];
};

export type DatabasePaths = {readonly passwd: string; readonly shadow: string; readonly group: string; readonly gshadow: string};

/** The passwords of groups are in a file beside that of the groups. */
export const readDatabasePaths = async (store: Store): Promise<DatabasePaths> => {
	const group = await readSetting(store, 'accounts.group');

	return {
		passwd: await readSetting(store, 'accounts.passwd'), shadow: await readSetting(store, 'accounts.shadow'), group, gshadow: join(dirname(group), 'gshadow'),
	};
};

/** Reads the user database as it is now. */
export const readUserDatabase = async (store: Store): Promise<UserDatabase> => {
	const paths = await readDatabasePaths(store);
	const [passwd, shadow, group, gshadow] = await Promise.all([readFile(paths.passwd, 'latin1'), readFile(paths.shadow, 'latin1'), readFile(paths.group, 'latin1'), existsSync(paths.gshadow) ? readFile(paths.gshadow, 'latin1') : '']);

	return {
		passwdLines: linesOf(passwd), shadowLines: linesOf(shadow), groupLines: linesOf(group), gshadowLines: linesOf(gshadow), users: parsePasswd(passwd), groups: parseGroup(group),
	};
};

/** How an account is written: by the system's programs, or into the files of a sandbox. */
export type UserEditor = {
	/** Makes a user that does not exist; where that fails there is none. */
	create(user: WantedUser): Promise<void>;
	/** Makes a user what is wanted; its name, ids and home are that already. */
	change(user: WantedUser): Promise<void>;
	/** Sets a line of shadow that is there; raw. */
	setShadow(name: RawPath, line: string): Promise<void>;
};

export type WantedUser = {
	readonly name: RawPath;
	readonly passwd: string;
	readonly shadow: string | null;
	/** Of its own group, made where there is none of that name. */
	readonly group: string | null;
	/** The group of its own name, with who else is in it, for where it has to be made; `null`: it has none. */
	readonly ownGroup: OwnGroup | null;
	/** The hash that the group of the account's own name has in gshadow; `null`: it stays as it is. */
	readonly groupHash: string | null;
	/** Names of the further groups it shall be in, and in no others. */
	readonly memberships: readonly RawPath[];
};

const linesOf = (text: string): readonly string[] => text.split('\n').filter(line => line !== '');
