/** Whether somebody can log in to an account: by its line in shadow. */
import {toScreen, type RawPath} from '../../domain/raw-name.ts';
import type {Store} from '../../state/store.ts';
import {isSystem} from '../is-system.ts';
import {systemUsers} from './system-users.ts';
import {
	readDatabasePaths,
	readUserDatabase,
	type UserDatabase,
	type UserEditor,
} from './user-database.ts';
import {userFiles} from './user-files.ts';

export const openEditor = async (store: Store, database: UserDatabase): Promise<UserEditor> => await isSystem(store) ? systemUsers(database) : userFiles(await readDatabasePaths(store));

/** Raw; `null` where shadow does not know the account. */
export const readShadowLine = async (store: Store, name: RawPath): Promise<string | null> => {
	const {shadowLines} = await readUserDatabase(store);

	return shadowLines.find(line => line.startsWith(`${name}:`)) ?? null;
};

/**
Sets the line that shadow has for an account; raw.
@throws Error where it cannot be written
*/
export const setShadowLine = async (store: Store, name: RawPath, line: string): Promise<void> => {
	const editor = await openEditor(store, await readUserDatabase(store));
	await editor.setShadow(name, line);
};

/**
Suspends an account: no password fits, and it has expired, so that keys let nobody in either.
@throws Error where shadow does not know it, or cannot be written
*/
export const lockLogins = async (store: Store, name: RawPath): Promise<void> => {
	const line = await readShadowLine(store, name);

	if (line === null) {
		throw new Error(`shadow has no line for ${toScreen(name)}, so that it cannot be locked`);
	}

	await setShadowLine(store, name, lockedLine(line));
};

const lockedLine = (line: string): string => {
	const fields = line.split(':');
	const hash = fields[1]!;

	// Day 1 of 1970: 0 means never to some programs.
	return fields.with(1, hash === '*' || hash.startsWith('!') ? hash : `!${hash}`).with(7, '1').join(':');
};
