import {writeFile} from 'node:fs/promises';
import test, {type ExecutionContext} from 'ava';
import type {AuditEntry} from '../../source/domain/audit.ts';
import {setUpServer, type Server} from '../set-up.ts';
import {terminal} from '../terminal.ts';

const setUp = async (t: ExecutionContext): Promise<Server> => {
	const server = await setUpServer(t);
	const password = server.machine.path('password');
	await writeFile(password, 'geheim\n');
	await server.json(['user', 'create', 'oscar', '--role', 'operator', '--email', 'o@example.com', '--password-file', password]);

	return server;
};

test('a wrong password stays on the screen and slows down; Ctrl-C leaves', async t => {
	const {state, json, context} = await setUp(t);
	const screen = terminal(t, ['--state', state, '--sign-in']);
	await screen.shows('Who is it?');
	screen.press(...'oscar', 'enter', ...'wrong');
	await screen.shows(/Holdfast user +oscar.*\n.*Password +\*{5} /v);

	for (let attempt = 0; attempt < 2; attempt++) {
		screen.press('enter');
		await screen.shows(text => text.includes('The sign-in of "oscar" failed') && !text.includes('*'));
		screen.press(...'wrong');
		await screen.shows('*****');
	}

	// After many failures the right one is too early as well.
	await context.store.update('failed-sign-ins', undefined, draft => {
		draft.names = [{name: 'oscar', count: 20, lastAt: new Date().toISOString()}];
	});
	screen.press('escape', ...'geheim', 'enter');
	await screen.shows('Too many sign-ins as "oscar" failed');
	await screen.shows(/Try again in[\s│]+\d+ seconds?\./v);
	t.false(screen.text.includes('OPERATOR'));
	screen.press('ctrl-c');
	const {exitCode} = await screen.ends();
	t.is(exitCode, 130);
	t.regex(screen.text, /Nobody signed in/v);
	t.notRegex(screen.output, /wrong|geheim/v);

	const {entries} = await json<{readonly entries: readonly AuditEntry[]}>(['audit', '--user', 'oscar']);
	t.deepEqual(entries.map(({action, result}) => `${action} ${result}`), Array.from({length: 3}, () => 'signIn refused'));
});

test('who is named already only types the password; an operator who is demoted meanwhile does and sees nothing more', async t => {
	const {state, json, task} = await setUp(t);
	await task(['backup', 'create', 'alice']);
	const screen = terminal(t, ['--state', state, '--as', 'oscar'], {afterwards: 'true'});
	await screen.shows(/Holdfast user +oscar/v);
	screen.paste('geheim');
	await screen.shows('******');
	screen.press('enter');
	await screen.shows('oscar · OPERATOR');
	screen.press('2');
	await screen.shows(/❯ +alice/v);

	await json(['user', 'set', 'oscar', '--role', 'user']);
	screen.press('b');
	await screen.shows('oscar is no operator any more');
	screen.press('enter');
	// The watching may notice it by itself, which ends the terminal sooner.
	await screen.shows(text => !text.includes('is no operator') || text.includes('ended with 4'));
	screen.press('3');
	await screen.shows('oscar is no operator any more');

	// What others do from here on is not shown: the watching ends, and the terminal with it.
	await task(['backup', 'create', 'alice']);
	await screen.shows('ended with 4');
	t.regex(screen.text, /oscar is no operator any more/v);
	await screen.ends();
});
