import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {setUpServer, type Server} from '../set-up.ts';
import {terminal} from '../terminal.ts';

const changedServer = async (t: ExecutionContext): Promise<Server> => {
	const server = await setUpServer(t);
	await server.write('alice', {'notes.txt': 'as backed up\n'});
	await server.task(['backup', 'create', 'alice']);
	await writeFile(join(server.machine.home('alice'), 'notes.txt'), 'changed since\n');

	return server;
};

const notes = async (server: Server): Promise<string> => readFile(join(server.machine.home('alice'), 'notes.txt'), 'utf8');

test('overwriting live files wants the name of the account typed', async t => {
	const server = await changedServer(t);
	const screen = terminal(t, ['--state', server.state, 'restore', 'latest:alice', '--path', 'notes.txt']);
	const preview = await screen.shows('Type alice to go on');
	t.regex(preview, /1 {2}overwritten[\s\S]*overwrite notes\.txt/v);
	screen.press('yes', 'enter');
	await screen.shows('Nothing was done');
	t.like(await screen.ends(), {exitCode: 130});
	t.is(await notes(server), 'changed since\n');

	const again = terminal(t, ['--state', server.state, 'restore', 'latest:alice', '--path', 'notes.txt']);
	await again.shows('Type alice to go on');
	again.press('alice', 'enter');
	await again.shows('1 overwritten');
	t.like(await again.ends(), {exitCode: 0});
	t.is(await notes(server), 'as backed up\n');
});

test('what overwrites nothing wants a yes', async t => {
	const server = await changedServer(t);
	const screen = terminal(t, ['--state', server.state, 'restore', 'latest:alice', '--to', server.machine.path('target')]);
	await screen.shows('(yes or no)');
	screen.press('yes', 'enter');
	await screen.shows('created');
	t.like(await screen.ends(), {exitCode: 0});
	t.is(await readFile(server.machine.path('target', 'notes.txt'), 'utf8'), 'as backed up\n');
});
