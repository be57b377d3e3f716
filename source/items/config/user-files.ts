/** Users of a sandbox: the files are edited themselves, under a lock, and replaced beside-and-rename. */
import {existsSync} from 'node:fs';
import {readFile, stat} from 'node:fs/promises';
import {Buffer} from 'node:buffer';
import type {RawPath} from '../../domain/raw-name.ts';
import {writeDurably} from '../../system/durable-file.ts';
import {acquireLock} from '../../system/lock.ts';
import type {DatabasePaths, UserEditor, WantedUser} from './user-database.ts';

const lockWaitMs = 10_000;

export const userFiles = (paths: DatabasePaths): UserEditor => {
	const write = async (user: WantedUser): Promise<void> => {
		const lock = await acquireLock(`${paths.passwd}.lock`, {waitMs: lockWaitMs, purpose: 'changing users'});

		try {
			await editLines(paths.group, lines => withMemberships(user.group === null ? lines : withLine(lines, user.group, false), user));

			if (user.groupHash !== null && existsSync(paths.gshadow)) {
				await editLines(paths.gshadow, lines => withGroupHash(lines, user));
			}

			if (user.shadow !== null) {
				await editLines(paths.shadow, lines => withLine(lines, user.shadow!, true));
			}

			// Last: with it the user is there.
			await editLines(paths.passwd, lines => withLine(lines, user.passwd, true));
		} finally {
			lock.release();
		}
	};

	return {
		create: write,
		change: write,
		async setShadow(_, line) {
			const lock = await acquireLock(`${paths.passwd}.lock`, {waitMs: lockWaitMs, purpose: 'changing users'});

			try {
				await editLines(paths.shadow, lines => withLine(lines, line, true));
			} finally {
				lock.release();
			}
		},
	};
};

const editLines = async (path: string, edit: (lines: readonly string[]) => readonly string[]): Promise<void> => {
	const before = await readFile(path, 'latin1');
	const {mode} = await stat(path);
	const lines = before.split('\n');
	const after = `${edit(lines.at(-1) === '' ? lines.slice(0, -1) : lines).join('\n')}\n`;

	if (after !== before) {
		await writeDurably(path, Buffer.from(after, 'latin1'), {mode: mode & 0o777});
	}
};

/** With the line in the place of the one of its name, or at the end. */
const withLine = (lines: readonly string[], line: string, isReplacing: boolean): readonly string[] => {
	const start = line.slice(0, line.indexOf(':') + 1);
	const isThere = lines.some(each => each.startsWith(start));

	if (!isThere) {
		return [...lines, line];
	}

	return isReplacing ? lines.map(each => each.startsWith(start) ? line : each) : lines;
};

/** With the hash in the line of its group, or such a line at the end. */
const withGroupHash = (lines: readonly string[], {name, groupHash, ownGroup}: WantedUser): readonly string[] => {
	const isIts = (line: string): boolean => line.startsWith(`${name}:`);

	return lines.some(line => isIts(line)) ? lines.map(line => isIts(line) ? line.split(':').with(1, groupHash!).join(':') : line) : [...lines, [name, groupHash!, ownGroup?.admins.join(',') ?? '', ownGroup?.members.join(',') ?? ''].join(':')];
};

const withMemberships = (lines: readonly string[], {name, memberships}: WantedUser): readonly string[] => lines.map(line => {
	const fields = line.split(':');

	if (fields.length !== 4) {
		return line;
	}

	const members = fields[3]!.split(',').filter(member => member !== '');
	const isWanted = memberships.includes(fields[0]!);

	return isWanted === members.includes(name) ? line : [...fields.slice(0, 3), (isWanted ? [...members, name] : members.filter((member: RawPath) => member !== name)).join(',')].join(':');
});
