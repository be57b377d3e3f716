/** The system's users, by its own programs. Hashes go by standard input: arguments are seen by everybody. */
import {Buffer} from 'node:buffer';
import type {RawPath} from '../../domain/raw-name.ts';
import {parseGroup} from '../../domain/unix-database.ts';
import {runTool} from '../../system/run-tool.ts';
import type {UserDatabase, UserEditor, WantedUser} from './user-database.ts';

export const systemUsers = (before: UserDatabase): UserEditor => ({
	async create(user) {
		const madeGroup = await makeGroup(user, before);

		try {
			await makeUser(user);
			await setGroupHash(user, before);

			if (madeGroup !== undefined) {
				await fillGroup(user);
			}
		} catch (error) {
			await takeBack('userdel', user.name, error);

			if (madeGroup !== undefined) {
				await takeBack('groupdel', madeGroup, error);
			}

			throw error;
		}
	},
	async change(user) {
		const {4: comment, 6: shell} = fieldsOf(user);

		await run('usermod', ['-c', comment!, '-s', shell!, '-G', user.memberships.join(','), '--', user.name]);
		await setShadow(user);
		await setGroupHash(user, before);
	},
	async setShadow(name, shadow) {
		await setShadow({name, shadow});
	},
});

/** The name of the group, if it had to be made. */
const makeGroup = async ({group}: WantedUser, {groups}: UserDatabase): Promise<RawPath | undefined> => {
	const [wanted] = group === null ? [] : parseGroup(group);

	if (wanted === undefined || groups.some(({name}) => name === wanted.name)) {
		return undefined;
	}

	await run('groupadd', ['-g', String(wanted.gid), '--', wanted.name]);

	return wanted.name;
};

/** Who else was in it, and who looks after it; it is the account's own group and nobody else's. */
const fillGroup = async ({ownGroup, name}: WantedUser): Promise<void> => {
	const {members = [], admins = []} = ownGroup ?? {};

	if (members.length > 0) {
		await run('gpasswd', ['-M', members.join(','), '--', name]);
	}

	if (admins.length > 0) {
		await run('gpasswd', ['-A', admins.join(','), '--', name]);
	}
};

const makeUser = async (user: WantedUser): Promise<void> => {
	const {2: uid, 3: gid, 4: comment, 5: home, 6: shell} = fieldsOf(user);

	await run('useradd', ['-M', '-N', '-u', uid!, '-g', gid!, '-c', comment!, '-d', home!, '-s', shell!, '-G', user.memberships.join(','), '--', user.name]);
	await setShadow(user);
};

/** The hash as it was, and the dates, the last change of the password among them. */
const setShadow = async ({name, shadow}: Pick<WantedUser, 'name' | 'shadow'>): Promise<void> => {
	if (shadow === null) {
		return;
	}

	const [, hash, changed, least, most, warning, inactive, expires] = shadow.split(':') as [string, string, string, string, string, string, string, string];

	if (hash === '') {
		throw new Error('it had no password at all, with which nobody is let in again');
	}

	await run('chpasswd', ['-e'], Buffer.from(`${name}:${hash}\n`, 'latin1'));
	await run('chage', ['-d', orNone(changed), '-m', orNone(least), '-M', orNone(most), '-W', orNone(warning), '-I', orNone(inactive), '-E', orNone(expires), '--', name]);
};

/** By standard input, too. */
const setGroupHash = async ({name, groupHash}: WantedUser, {gshadowLines}: UserDatabase): Promise<void> => {
	const live = gshadowLines.find(line => line.startsWith(`${name}:`))?.split(':', 2)[1] ?? '!';

	if (groupHash !== null && groupHash !== live) {
		await run('chgpasswd', ['-e'], Buffer.from(`${name}:${groupHash}\n`, 'latin1'));
	}
};

const orNone = (field: string): string => field === '' ? '-1' : field;

const fieldsOf = ({passwd}: WantedUser): readonly string[] => {
	const fields = passwd.split(':');

	if (fields[1] !== 'x') {
		throw new Error('its hash is not in shadow');
	}

	return fields;
};

const run = async (program: string, line: readonly RawPath[], input?: Uint8Array): Promise<void> => {
	const result = await runTool(program, line, {input});

	if (result === undefined) {
		throw new Error(`there is no program ${program}: install passwd`);
	}

	if (result.status !== 0) {
		throw new Error(`${program} ended with ${result.status} (${result.complaint})`);
	}
};

/** What was made is removed again; that it could not be is told with the reason why. */
const takeBack = async (program: string, name: RawPath, reason: unknown): Promise<void> => {
	const result = await runTool(program, ['--', name]);
	const notThere = 6;

	if (result === undefined || (result.status !== 0 && result.status !== notThere)) {
		throw new Error(`${(reason as Error).message}; and ${program} did not take it back (${result?.complaint ?? 'no such program'})`, {cause: reason});
	}
};
