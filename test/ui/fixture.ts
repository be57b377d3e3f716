import {Buffer} from 'node:buffer';
import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import process from 'node:process';
import type {ExecutionContext} from 'ava';
import {createBackups} from '../../source/actions/create-backups.ts';
import {openContext} from '../../source/actions/open-context.ts';
import {setSetting} from '../../source/actions/settings.ts';
import {waitForTasks} from '../../source/actions/wait-for-tasks.ts';
import {runProgram, testMachine, type TestMachine} from '../sandbox.ts';

const program = join(import.meta.dirname, '..', '..', '..', 'dist', 'holdfast.js');

export type Server = {
	readonly state: string;
	readonly machine: TestMachine;
	/** Backs an account up and waits for it. */
	readonly backUp: (account: string) => Promise<void>;
};

/** Names that would do harm if they reached a terminal as they are. */
export const hostileNames = {
	escape: Buffer.from('evil\u{1B}[31m\u{1B}]0;owned\u{7}'),
	newline: Buffer.from('two\nlines'),
	bytes: Buffer.from([0x62, 0x61, 0x64, 0xFF, 0xFE]),
	reversed: Buffer.from('cod\u{202E}fdp.exe'),
	wide: Buffer.from('日本語'),
};

/** A server with three accounts, one of which has a home worth restoring. */
export const server = async (t: ExecutionContext): Promise<Server> => {
	const machine = await testMachine(t, [{name: 'alice', uid: 2001}, {name: 'bob', uid: 2002}, {name: 'carol', uid: 2003, password: '!$6$hash'}]);
	const state = machine.path('state');

	await runProgram(process.execPath, program, '--state', state, 'init', '--yes');
	const context = await openContext({stateDirectory: state, isReadOnly: false});

	for (const [key, value] of Object.entries({...machine.settings, 'machine.name': 'web1'})) {
		await setSetting(context, {key, value});
	}

	await fillHome(machine.home('alice'));

	return {
		state,
		machine,
		async backUp(account) {
			await waitForTasks(context, await createBackups(context, {accounts: [account]}));
		},
	};
};

const fillHome = async (home: string): Promise<void> => {
	await mkdir(join(home, 'public_html', 'img'), {recursive: true});
	await mkdir(join(home, 'mail'));
	await writeFile(join(home, 'notes.txt'), 'first line\n\tsecond line\n');
	await writeFile(join(home, 'mail', 'inbox'), 'From bob\n');

	for (let number = 1; number <= 12; number++) {
		await writeFile(join(home, 'public_html', `page${number}.php`), `<?php echo ${number};\n`.repeat(number));
	}

	await writeFile(join(home, 'public_html', 'img', 'logo.png'), Buffer.alloc(5000, 7));

	for (const name of Object.values(hostileNames)) {
		await writeFile(Buffer.concat([Buffer.from(`${home}/`), name]), 'x');
	}
};
