import type {Buffer} from 'node:buffer';
import {
	chown,
	constants,
	open,
	rename,
	rm,
	stat,
} from 'node:fs/promises';
import process from 'node:process';
import type {RawPath} from '../../domain/raw-name.ts';
import {readSetting} from '../../state/read-setting.ts';
import {systemPath} from '../../system/directory.ts';
import {runTool, type ToolResult} from '../../system/run-tool.ts';
import {isSystem} from '../is-system.ts';
import type {ItemContext} from '../item.ts';

/** The crontab of one account. */
export type Crontabs = {
	/** `undefined` where there is none. */
	read(): Promise<Buffer | undefined>;
	write(content: Buffer): Promise<void>;
	remove(): Promise<void>;
};

/** Through crontab(1), which knows the system's users alone; the crontabs of a sandbox are files in a folder. */
export const openCrontabs = async ({store, account, signal}: ItemContext): Promise<Crontabs> => {
	const folder = await readSetting(store, 'items.crontabs');

	if (folder !== 'system') {
		return crontabFiles(folder, account);
	}

	return await isSystem(store) ? crontabProgram(account.name, signal) : noCrontabs;
};

const noCrontabs: Crontabs = {
	async read() {
		return undefined;
	},
	async write() {
		throw new Error('these accounts are not the system\'s, and the setting items.crontabs names no folder for their crontabs');
	},
	async remove() {
		throw new Error('these accounts are not the system\'s, and the setting items.crontabs names no folder for their crontabs');
	},
};

const crontabProgram = (user: RawPath, signal: AbortSignal): Crontabs => ({
	async read() {
		const result = await runTool('crontab', ['-u', user, '-l'], {signal});

		return result === undefined || (result.status === 1 && result.complaint.startsWith('no crontab for ')) ? undefined : checked(result, 'read').output;
	},
	async write(content) {
		const result = await runTool('crontab', ['-u', user, '-'], {signal, input: content});

		if (result === undefined) {
			throw new Error('there is no program crontab: install cron');
		}

		checked(result, 'written');
	},
	async remove() {
		const result = await runTool('crontab', ['-u', user, '-r'], {signal});

		if (result === undefined) {
			throw new Error('there is no program crontab: install cron');
		}

		checked(result, 'removed');
	},
});

/** A crontab that is refused, for a line that cron does not understand, is left as it was by crontab(1). */
const checked = (result: ToolResult, act: string): ToolResult => {
	if (result.status !== 0 || result.complaint !== '') {
		throw new Error(`the crontab could not be ${act}: crontab ended with ${result.status}${result.complaint === '' ? '' : ` (${result.complaint})`}`);
	}

	return result;
};

const crontabFiles = (folder: string, {name, uid}: ItemContext['account']): Crontabs => {
	const path = systemPath(`${folder}/${name}`);
	const temporary = systemPath(`${folder}/.${name}.holdfast`);

	return {
		async read() {
			try {
				await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);

				return await file.readFile();
			} catch (error) {
				if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
					return undefined;
				}

				throw error;
			}
		},
		async write(content) {
			await rm(temporary, {force: true});
			const {gid} = await stat(folder);

			try {
				await using file = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
				await file.writeFile(content);
				await file.sync();
				await giveAway(temporary, uid, gid);
				await rename(temporary, path);
			} catch (error) {
				await rm(temporary, {force: true});
				throw error;
			}
		},
		async remove() {
			await rm(path, {force: true});
		},
	};
};

const giveAway = async (path: string | Buffer, uid: number, gid: number): Promise<void> => {
	if (process.geteuid!() === 0) {
		await chown(path, uid, gid);
	}
};
