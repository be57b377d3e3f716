import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {terminal} from '../terminal.ts';
import {filledServer} from './fixture.ts';

test('an archived backup is restored as a whole, and says why nothing can be chosen in it', async t => {
	const {state, machine, task, context} = await filledServer(t);
	await context.store.update('jobs', undefined, draft => {
		draft.jobs = draft.jobs.map(job => ({...job, structure: 'archived' as const}));
	});
	await task(['backup', 'create', 'alice']);
	const home = machine.home('alice');
	await writeFile(join(home, 'notes.txt'), 'spoiled\n');

	const screen = terminal(t, ['--state', state]);
	await screen.shows('2 without backup');
	screen.press('enter');
	await screen.shows(/❯ alice/v);
	screen.press('enter');
	await screen.shows('1 backup, the newest');
	screen.press('enter');
	await screen.shows('CREATED');
	screen.press('enter');
	await screen.shows('Choose files and folders');
	screen.press('enter');
	await screen.shows('comes back as a whole');
	screen.press('down', 'enter');
	await screen.shows(/overwrite +\d+ /v);
	screen.press('R');
	await screen.shows(`Restore into ${home} on `);
	screen.press('alice', 'enter');
	await screen.shows('completed');
	await screen.shows('What next');
	t.is(await readFile(join(home, 'notes.txt'), 'utf8'), 'first line\n\tsecond line\n');

	screen.press('q');
	const {exitCode} = await screen.ends();
	t.is(exitCode, 0);
});
