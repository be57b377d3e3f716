import {execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import type {ExecutionContext} from 'ava';
import {isRoot} from '../engine/fixture.ts';

const racer = fileURLToPath(new URL('swap-racer.js', import.meta.url));

export type TrappedHome = {
	readonly outside: string;
	/** Every name outside with its inode, size, times, mode and owner. */
	listOutside(): string;
	/** Lets the home's owner swap folders and links, in and out, until the test ends. */
	race(): Promise<void>;
};

/** Starts what runs until the test ends, and waits for its first word. */
export const startBeside = async (t: ExecutionContext, command: string, values: readonly string[]): Promise<void> => {
	const child = spawn(command, values, {stdio: ['ignore', 'pipe', 'inherit']});
	t.teardown(() => {
		child.kill('SIGKILL');
	});
	await once(child.stdout, 'data');
};

/** A home with a folder and a file to swap, and beside it what must never be read or written: canaries, as root of another owner. */
export const makeTrappedHome = (t: ExecutionContext, {home, folder}: {readonly home: string; readonly folder: string}): TrappedHome => {
	const outside = path.join(folder, 'outside');
	mkdirSync(path.join(outside, 'deep'), {recursive: true});
	mkdirSync(path.join(home, 'door', 'sub', 'deep'), {recursive: true});
	writeFileSync(path.join(outside, 'secret'), 'CANARY: not of this account');
	writeFileSync(path.join(outside, 'deep', 'page'), 'CANARY: not of this account');

	for (let index = 0; index < 40; index++) {
		writeFileSync(path.join(home, 'door', `page-${index}`), `page ${index}`);
		writeFileSync(path.join(home, 'door', 'sub', 'deep', `page-${index}`), `deep ${index}`);
	}

	writeFileSync(path.join(home, 'file'), 'mine');
	// The secret has another owner, as a victim's would.
	if (isRoot) {
		execFileSync('chown', ['-R', '65000:65000', outside]);
	}

	return {
		outside,
		listOutside: () => execFileSync('find', [outside, '-printf', '%p %i %s %T@ %m %U %G\n'], {encoding: 'utf8'}),
		race: async () => startBeside(t, process.execPath, [racer, home, outside]),
	};
};
