/** The recovery key, shown again and replaced. */
import {existsSync} from 'node:fs';
import {
	readdir,
	readFile,
	stat,
	writeFile,
} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {replaceRecoveryKey} from '../../source/actions/recovery-key.ts';
import {UserError} from '../../source/errors.ts';
import {runLine} from '../run-line.ts';
import {setUpServer, type Server} from '../set-up.ts';
import type {Result} from '../sandbox.ts';
import {terminal} from '../terminal.ts';

/** What another server finds at the destination with a recovery key. */
const scan = async (server: Server, key: string, name: string): Promise<Result> => {
	const {destinations} = await server.context.store.read('destinations');
	const file = server.machine.path(`${name}.key`);
	await writeFile(file, key);

	return runLine('--state', server.machine.path(name), 'destination', 'scan', destinations[0]!.folder, '--recovery-key-file', file, '--json');
};

const setUp = async (t: ExecutionContext): Promise<Server> => {
	const server = await setUpServer(t);
	await server.write('alice', {'notes.txt': 'of before\n'});
	await server.task(['backup', 'create', 'alice']);

	return server;
};

test('it is shown at a terminal alone, and that is written down', async t => {
	const server = await setUp(t);
	const piped = await server.run('recovery-key', 'show');
	t.is(piped.code, 2);
	t.is(piped.stdout, '');

	const screen = terminal(t, ['--state', server.state, 'recovery-key', 'show']);
	const shown = await screen.shows(/4: (?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}/v);
	t.like(await screen.ends(), {exitCode: 0});
	const found = await scan(server, shown, 'other');
	t.is(found.code, 0);
	t.like(JSON.parse(found.stdout), {backupCount: 1});
	const {stdout: audit} = await server.run('audit');
	t.regex(audit, /showRecoveryKey/v);
});

for (const isBothReplaced of [false, true]) {
	test(`a new one opens every backup, the old one none${isBothReplaced ? ', also with another master key' : ''}`, async t => {
		const server = await setUp(t);
		const old = server.machine.path('old');
		const fresh = server.machine.path('fresh');
		const replace = ['recovery-key', 'replace', ...isBothReplaced ? ['--master-key'] : [], '--recovery-key-out'];
		const {masterKey} = await server.context.store.read('keys');
		await server.json([...replace, old]);
		await server.json([...replace, fresh]);
		const {mode} = await stat(fresh);
		t.is(mode % 0o1000, 0o600);
		const now = await server.context.store.read('keys');
		t.is(now.masterKey !== masterKey, isBothReplaced);

		const refused = await server.run(...replace, fresh);
		t.is(refused.code, 4);
		const before = await scan(server, await readFile(old, 'utf8'), 'before');
		t.is(before.code, 8);
		const after = await scan(server, await readFile(fresh, 'utf8'), 'after');
		t.is(after.code, 0);

		const shown = await server.run('backup', 'cat', 'latest:alice', 'notes.txt');
		t.is(shown.stdout, 'of before\n');
		await server.task(['backup', 'create', 'alice']);
		await server.task(['backup', 'verify', '--read-data']);
	});
}

test('of two who replace it at once one succeeds, and what that one was given is the key', async t => {
	const server = await setUp(t);
	const bothHanded = Promise.withResolvers<void>();
	const handed: string[] = [];
	const takenBack: string[] = [];
	const replace = async (): Promise<string> => {
		let own = '';
		await replaceRecoveryKey(server.context, {
			isServerKeyReplaced: true,
			async handOut(key) {
				own = key;
				handed.push(key);

				if (handed.length === 2) {
					bothHanded.resolve();
				}

				await bothHanded.promise;
			},
			async takeBack() {
				takenBack.push(own);
			},
		});

		return own;
	};

	const ended = await Promise.allSettled([replace(), replace()]);
	const won = ended.flatMap(each => each.status === 'fulfilled' ? [each.value] : []);
	const lost = ended.flatMap(each => each.status === 'rejected' ? [each.reason as unknown] : []);
	t.deepEqual(handed.toSorted(), [...won, ...takenBack].toSorted());
	t.is(won.length, 1);
	t.true(lost[0] instanceof UserError && lost[0].code === 'busy', String(lost[0]));
	const opens = await scan(server, won[0]!, 'winner');
	t.is(opens.code, 0, opens.stderr);
	const opensNot = await scan(server, takenBack[0]!, 'loser');
	t.is(opensNot.code, 8, opensNot.stderr);
	t.like(await server.task(['backup', 'verify', '--read-data']), {state: 'completed'});
});

test('a new one that does not become the key is not left in a file', async t => {
	const server = await setUp(t);
	const {destinations} = await server.context.store.read('destinations');
	const keys = join(destinations[0]!.folder, 'keys');

	for (const name of await readdir(keys)) {
		await writeFile(join(keys, name), 'damaged');
	}

	const file = server.machine.path('new');
	const {code} = await server.run('recovery-key', 'replace', '--recovery-key-out', file);
	t.is(code, 7);
	t.false(existsSync(file));
});

test('at a terminal the new one is shown, and counts once it is stored', async t => {
	const server = await setUp(t);
	const before = await server.context.store.read('keys');
	const line = ['--state', server.state, 'recovery-key', 'replace'];
	const screen = terminal(t, line);
	await screen.shows('Is it stored?');
	screen.press('no', 'enter');
	t.like(await screen.ends(), {exitCode: 130});
	t.deepEqual(await server.context.store.read('keys'), before);

	const again = terminal(t, line);
	await again.shows('Is it stored?');
	again.press('yes', 'enter');
	t.like(await again.ends(), {exitCode: 0});
	const after = await server.context.store.read('keys');
	t.not(after.recoveryKey, before.recoveryKey);
});
