/** What a USER restored is undone: by the USER within the rights, and by anybody no more than was restored. */
import {existsSync, readFileSync} from 'node:fs';
import {mkdir, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {setUpServer, type Server} from '../set-up.ts';

type Carol = {
	readonly server: Server;
	readonly run: Server['run'];
	readonly task: Server['task'];
	/** A path below alice's home. */
	readonly at: (path: string) => string;
};

/** Carol may have public_html of alice but not its private folder; a backup is there, and what is live has changed since. */
const setUp = async (t: ExecutionContext): Promise<Carol> => {
	const server = await setUpServer(t);
	const password = server.machine.path('password');
	const home = server.machine.home('alice');
	const at = (path: string): string => join(home, path);
	await writeFile(password, 'geheim\n');
	await server.run('setting', 'set', 'machine.name', 'web1');
	await server.write('alice', {
		'public_html/index.php': 'first', 'public_html/gone.php': 'gone', 'public_html/private/key.txt': 'first', 'notes.txt': 'first', 'mail/old': 'first',
	});
	await server.task(['backup', 'create', 'alice']);
	await server.json(['user', 'create', 'carol', '--role', 'user', '--email', 'c@example.com', '--password-file', password]);
	await server.easePassword('carol', 'geheim');
	await server.json(['rights', 'allow', 'carol', `web1!file:${home}/public_html`]);
	await server.json(['rights', 'deny', 'carol', `web1!file:${home}/public_html/private`]);
	await server.write('alice', {'public_html/index.php': 'today', 'public_html/private/key.txt': 'today', 'notes.txt': 'today'});
	await rm(at('public_html/gone.php'));
	const as = ['--as', 'carol', '--password-file', password] as const;

	return {
		server, at, run: async (...line) => server.run(...as, ...line), task: async (line, code) => server.task([...as, ...line], code),
	};
};

test('who undoes what a USER restored touches nothing that the USER\'s rights left out', async t => {
	const {server, task, at} = await setUp(t);
	const restored = await task(['restore', 'latest:alice', '--yes'], 3);
	t.is(readFileSync(at('public_html/index.php'), 'utf8'), 'first');
	t.true(existsSync(at('public_html/gone.php')));
	// Changed since: no part of what is undone.
	await server.write('alice', {'public_html/private/key.txt': 'later', 'notes.txt': 'later'});

	await server.task(['rollback', restored.id, '--yes']);
	t.is(readFileSync(at('public_html/index.php'), 'utf8'), 'today');
	t.false(existsSync(at('public_html/gone.php')));
	t.is(readFileSync(at('mail/old'), 'utf8'), 'first');
	t.is(readFileSync(at('notes.txt'), 'utf8'), 'later');
	t.is(readFileSync(at('public_html/private/key.txt'), 'utf8'), 'later');
});

test('a USER undoes the own restore, and that too, within the rights as they are then; others\' never', async t => {
	const {server, run, task, at} = await setUp(t);
	const others = await server.task(['restore', 'latest:alice', '--path', 'public_html/gone.php', '--yes']);
	t.is((await run('rollback', others.id, '--yes')).code, 5); // eslint-disable-line unicorn/no-await-expression-member
	t.is((await run('rollback', others.id, '--dry-run')).code, 5); // eslint-disable-line unicorn/no-await-expression-member
	await rm(at('public_html/gone.php'));

	const restored = await task(['restore', 'latest:alice', '--yes'], 3);
	const shown = await run('rollback', restored.id, '--dry-run', '--json');
	t.is(shown.code, 0, shown.stderr);
	t.notRegex(shown.stdout, /private|notes|mail/v);
	t.like(JSON.parse(shown.stdout), {
		overwrite: {count: 2}, delete: {count: 1}, denied: false, cannotUndo: [],
	});
	const undone = await task(['rollback', restored.id, '--yes']);
	t.is(undone.state, 'completed');
	t.is(readFileSync(at('public_html/index.php'), 'utf8'), 'today');
	t.false(existsSync(at('public_html/gone.php')));

	// The rights became fewer: what they do not give any more stays as it is.
	const home = server.machine.home('alice');
	t.is((await server.run('rights', 'deny', 'carol', `web1!file:${home}/public_html/gone.php`)).code, 0); // eslint-disable-line unicorn/no-await-expression-member
	await server.write('alice', {'public_html/private/key.txt': 'later', 'notes.txt': 'later'});
	const redone = await task(['rollback', undone.id, '--yes'], 3);
	t.is(redone.state, 'partial');
	t.regex(redone.error!.message, /outside the restoration rights/v);
	t.is(readFileSync(at('public_html/index.php'), 'utf8'), 'first');
	t.false(existsSync(at('public_html/gone.php')));
	t.is(readFileSync(at('public_html/private/key.txt'), 'utf8'), 'later');
	t.is(readFileSync(at('notes.txt'), 'utf8'), 'later');
	t.is(readFileSync(at('mail/old'), 'utf8'), 'first');

	t.is((await server.run('rights', 'remove', 'carol', `web1!file:${home}/public_html`)).code, 0); // eslint-disable-line unicorn/no-await-expression-member
	t.is((await run('rollback', redone.id, '--yes')).code, 5); // eslint-disable-line unicorn/no-await-expression-member
});

test('a USER restores an item beside the home and undoes it; of an archived backup a home comes back whole or not at all', async t => {
	const {server, run, task, at} = await setUp(t);
	const crontabs = server.machine.path('crontabs');
	const crontab = join(crontabs, 'alice');
	await mkdir(crontabs);
	await server.run('setting', 'set', 'items.crontabs', crontabs);
	await writeFile(crontab, '1 1 * * * first\n');
	await server.context.store.update('jobs', undefined, draft => {
		draft.jobs = draft.jobs.map(job => ({...job, structure: 'archived'}));
	});
	const {backup} = await server.task(['backup', 'create', 'alice']);
	await writeFile(crontab, '2 2 * * * today\n');
	const line = ['restore', backup!, '--item', 'cron', '--yes'] as const;
	const ends = async (code: number, ...words: readonly string[]): Promise<void> => {
		const result = await run(...words);
		t.is(result.code, code, result.stderr);
	};

	await ends(4, ...line);
	t.is((await server.run('rights', 'allow', 'carol', 'web1!cron:/alice')).code, 0); // eslint-disable-line unicorn/no-await-expression-member
	const restored = await task(line);
	t.is(restored.state, 'completed');
	t.is(readFileSync(crontab, 'utf8'), '1 1 * * * first\n');
	t.is((await task(['rollback', restored.id, '--yes'])).state, 'completed'); // eslint-disable-line unicorn/no-await-expression-member
	t.is(readFileSync(crontab, 'utf8'), '2 2 * * * today\n');

	// The archive holds what carol may not have, and nothing can be left out of it.
	await ends(4, 'restore', backup!, '--item', 'homedir', '--yes');
	await ends(4, 'backup', 'files', backup!);
	t.is(readFileSync(at('public_html/index.php'), 'utf8'), 'today');
	const home = server.machine.home('alice');
	t.is((await server.run('rights', 'remove', 'carol', `web1!file:${home}/public_html/private`)).code, 0); // eslint-disable-line unicorn/no-await-expression-member
	t.is((await server.run('rights', 'allow', 'carol', `web1!file:${home}`)).code, 0); // eslint-disable-line unicorn/no-await-expression-member
	t.is((await task(['restore', backup!, '--item', 'homedir', '--yes'])).state, 'completed'); // eslint-disable-line unicorn/no-await-expression-member
});
