import {execFile} from 'node:child_process';
import {
	chmod,
	mkdir,
	mkdtemp,
	rm,
	writeFile,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';

/** A folder of its own for a test, removed afterwards. */
export const temporaryFolder = async (t: ExecutionContext): Promise<string> => {
	const folder = await mkdtemp(join(tmpdir(), 'holdfast-test-'));
	// A runner that a test has started and does not wait for may still write there.
	t.teardown(async () => rm(folder, {
		recursive: true, force: true, maxRetries: 10, retryDelay: 100,
	}));

	return folder;
};

export type TestAccount = {
	readonly name: string;
	readonly uid: number;
	readonly gid?: number;
	/** The field of shadow; active unless said otherwise. */
	readonly password?: string;
	readonly expiresOnDay?: string;
	readonly hasHome?: boolean;
};

/** A user database of its own, with homes, in a folder: what `accounts.passwd` and its like point to. */
export class TestMachine {
	readonly folder: string;

	constructor(folder: string) {
		this.folder = folder;
	}

	get settings(): Readonly<Record<'accounts.passwd' | 'accounts.shadow' | 'accounts.group' | 'accounts.homeRoots', string>> {
		return {
			'accounts.passwd': this.path('passwd'), 'accounts.shadow': this.path('shadow'), 'accounts.group': this.path('group'), 'accounts.homeRoots': this.path('home'),
		};
	}

	path(...names: readonly string[]): string {
		return join(this.folder, ...names);
	}

	home(name: string): string {
		return this.path('home', name);
	}

	/** Writes the files anew, and makes the homes that do not exist. */
	async setAccounts(accounts: readonly TestAccount[]): Promise<void> {
		const passwd = accounts.map(({name, uid, gid = uid}) => `${name}:x:${uid}:${gid}::${this.home(name)}:/bin/sh\n`);
		const shadow = accounts.map(({name, password = '$6$hash', expiresOnDay = ''}) => `${name}:${password}:20000:0:99999:7::${expiresOnDay}:\n`);
		await writeFile(this.path('passwd'), `root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1::/:/bin/false\n${passwd.join('')}`);
		await writeFile(this.path('shadow'), `root:*:20000:0:99999:7:::\ndaemon:*:20000:0:99999:7:::\n${shadow.join('')}`);
		await writeFile(this.path('group'), `root:x:0:\nsudo:x:27:\n${accounts.map(({name, uid, gid = uid}) => `${name}:x:${gid}:\n`).join('')}`);

		for (const {name, hasHome = true} of accounts) {
			if (!hasHome) {
				continue;
			}

			await mkdir(this.home(name), {recursive: true});
			await chmod(this.home(name), 0o750);
		}
	}
}

export const testMachine = async (t: ExecutionContext, accounts: readonly TestAccount[]): Promise<TestMachine> => {
	const machine = new TestMachine(await temporaryFolder(t));
	await machine.setAccounts(accounts);

	return machine;
};

export type Result = {readonly code: number; readonly stdout: string; readonly stderr: string};

/** Runs a program to its end, whatever its end. */
export const runProgram = async (program: string, ...line: readonly string[]): Promise<Result> => new Promise(resolve => {
	const child = execFile(program, line, {maxBuffer: 64 * 1024 * 1024}, (_, stdout, stderr) => {
		resolve({code: child.exitCode ?? NaN, stdout, stderr});
	});
});
