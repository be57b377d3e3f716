import {
	chmod,
	lutimes,
	mkdir,
	readFile,
	rm,
	stat,
	symlink,
	writeFile,
} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {runProgram} from '../sandbox.ts';
import {type previewToJson} from '../../source/commands/describe-preview.ts';
import {
	setUpServer,
	type BackupDocument,
	type EntryDocument,
	type MatchDocument,
	type Server,
	type TaskDocument,
} from '../set-up.ts';

const past = new Date('2024-05-03T14:02:03.500Z');

/** A small site; every file has a time and a mode of its own. */
const fillHome = async (server: Server): Promise<void> => {
	const home = server.machine.home('alice');
	await server.write('alice', {
		'site/index.php': '<?php // one\n',
		'site/config.php': 'secret\n',
		'site/empty.txt': '',
		'mail/cur/1': 'From: a\n',
		'mail/cur/2': 'From: b\n',
		'notes.txt': 'notes\n',
		'caf\u{E9} menu.txt': 'coffee\n',
	});
	await chmod(join(home, 'site/config.php'), 0o600);
	await symlink('site', join(home, 'www'));
	await mkdir(join(home, 'empty folder'));

	for (const path of ['site/index.php', 'site/config.php', 'mail/cur/1', 'www', 'site', 'mail/cur']) {
		await lutimes(join(home, path), past, past);
	}
};

/** What rsync would have to do to make one tree of the other; nothing when they are equal. */
const differences = async (from: string, to: string): Promise<string> => {
	const {stdout} = await runProgram('rsync', '-aHAXn', '-@-1', '--itemize-changes', '--delete', `${from}/`, `${to}/`);

	return stdout;
};

test('what was changed and deleted comes back exactly as it was, and nothing else is touched', async t => {
	const server = await setUpServer(t);
	const home = server.machine.home('alice');
	const reference = server.machine.path('reference');
	await fillHome(server);
	await runProgram('cp', '-a', home, reference);

	const first = await server.task(['backup', 'create', 'alice']);
	t.like(first, {
		kind: 'backup', account: 'alice', state: 'completed', error: null, progress: {filesDone: 7},
	});
	t.like(first.items[0], {name: 'homedir', status: 'complete', fileCount: 7});

	await rm(join(home, 'mail'), {recursive: true});
	await writeFile(join(home, 'site/index.php'), '<?php // hacked\n');
	await writeFile(join(home, 'notes.txt'), 'newer notes\n');
	await writeFile(join(home, 'live.txt'), 'only live\n');
	const second = await server.task(['backup', 'create', 'alice']);
	t.not(second.backup, first.backup);

	const chosen = ['restore', first.backup!, '--path', 'mail', '--path', join(home, 'site/index.php')];
	const preview = await server.json<ReturnType<typeof previewToJson>>([...chosen, '--dry-run']);
	t.like(preview, {create: {count: 4}, overwrite: {count: 1}, delete: {count: 0}});
	t.true(preview.steps.some(({path, action}: {path: string; action: string}) => path === 'site/index.php' && action === 'overwrite'));
	t.is(await readFile(join(home, 'site/index.php'), 'utf8'), '<?php // hacked\n', 'a preview changes nothing');

	const restored = await server.task([...chosen, '--yes']);
	t.like(restored, {
		kind: 'restore', state: 'completed', backup: first.backup, priority: 100_050,
	});
	t.is(await readFile(join(home, 'notes.txt'), 'utf8'), 'newer notes\n');
	t.is(await readFile(join(home, 'live.txt'), 'utf8'), 'only live\n');

	const all = await server.task(['restore', first.backup!, '--yes']);
	t.is(all.state, 'completed');
	await rm(join(home, 'live.txt'));
	await runProgram('touch', '-r', reference, home);
	t.is(await differences(reference, home), '');
});

test('into a folder: new or empty, else only what is missing', async t => {
	const server = await setUpServer(t);
	const target = server.machine.path('target');
	await fillHome(server);
	await server.task(['backup', 'create', 'alice']);

	const task = await server.task(['restore', 'latest:alice', '--to', target, '--exclude', '*.php', '--yes']);
	t.like(task, {state: 'completed', summary: {liveOnly: {count: 0}}});
	t.is(await readFile(join(target, 'mail/cur/2'), 'utf8'), 'From: b\n');
	await t.throwsAsync(stat(join(target, 'site/config.php')), {code: 'ENOENT'});

	await writeFile(join(target, 'notes.txt'), 'mine\n');
	const refused = await server.run('restore', 'latest:alice', '--to', target, '--yes', '--json');
	t.is(refused.code, 4);
	t.regex(refused.stderr, /not empty.*--merge/v);

	const merged = await server.task(['restore', 'latest:alice', '--to', target, '--merge', '--yes']);
	t.is(merged.state, 'completed');
	t.is(await readFile(join(target, 'notes.txt'), 'utf8'), 'mine\n', 'live wins');
	t.is(await readFile(join(target, 'site/config.php'), 'utf8'), 'secret\n');
});

test('looking into backups: list, show, files, find, cat', async t => {
	const server = await setUpServer(t, [{name: 'alice', uid: 5001}, {name: 'bob', uid: 5002}]);
	await fillHome(server);
	const first = await server.task(['backup', 'create', 'alice']);
	await server.write('alice', {'site/index.php': '<?php // two\n'});
	const {tasks} = await server.json<{tasks: TaskDocument[]}>(['backup', 'create', 'alice', 'bob', '--job', 'nightly']);
	t.deepEqual(tasks.map(({account, state}) => [account, state]), [['alice', 'completed'], ['bob', 'completed']]);
	const second = tasks[0]!.backup!;

	const {backups} = await server.json<{backups: BackupDocument[]}>(['backup', 'list', 'alice']);
	t.deepEqual(backups.map(({id, kind}) => [id, kind]), [[second, 'manual'], [first.backup, 'onDemand']]);
	t.deepEqual(Object.keys(backups[0]!), ['id', 'accountUuid', 'account', 'createdAt', 'kind', 'status', 'structure', 'job', 'schedules', 'locked', 'lockedUntil', 'encrypted', 'keyKind', 'destination', 'sizeBytes', 'storedBytes', 'fileCount', 'items']);
	const {backups: manual} = await server.json<{backups: BackupDocument[]}>(['backup', 'list', '--kind', 'manual']);
	t.is(manual.length, 2);

	const shown = await server.json<BackupDocument>(['backup', 'show', second.slice(0, 6)]);
	t.deepEqual(shown, backups[0]);
	t.like(await server.json<BackupDocument>(['backup', 'show', 'latest:alice']), {id: second});

	const {entries} = await server.json<{entries: EntryDocument[]}>(['backup', 'files', first.backup!, 'site']);
	t.deepEqual(entries.map(({name, path, type}: {name: string; path: string; type: string}) => [name, path, type]), [
		['config.php', 'site/config.php', 'file'],
		['empty.txt', 'site/empty.txt', 'file'],
		['index.php', 'site/index.php', 'file'],
	]);
	t.like(entries[0], {
		sizeBytes: 7, mode: 0o600, modifiedAt: past.toISOString(), linkTarget: null,
	});
	const {entries: everything} = await server.json<{entries: EntryDocument[]}>(['backup', 'files', first.backup!, '--recursive']);
	t.is(everything.length, 12);
	t.like(everything.find(({path}) => path === 'www'), {type: 'symlink', linkTarget: 'site'});

	const cat = await server.run('backup', 'cat', first.backup!, 'site/index.php');
	t.is(cat.stdout, '<?php // one\n');
	const {matches} = await server.json<{matches: MatchDocument[]}>(['backup', 'find', 'index']);
	t.is(matches.length, 1);
	const [match] = matches;
	t.like(match, {path: 'site/index.php', account: 'alice', backups: [second, first.backup]});
	t.deepEqual(match!.versions.map(({backup, sizeBytes}) => [backup, sizeBytes]), [[second, 13], [first.backup, 13]]);
	t.regex(match!.versions[0]!.sha256!, /^[\da-f]{64}$/v);
	const {matches: unchanged} = await server.json<{matches: MatchDocument[]}>(['backup', 'find', '**/cur/*', '--account', 'alice']);
	t.deepEqual(unchanged.map(({path, versions}) => [path, versions.length]), [['mail/cur/1', 1], ['mail/cur/2', 1]]);
});

test('what is asked for and does not exist, or is refused', async t => {
	const server = await setUpServer(t);
	await fillHome(server);
	const {accountUuid} = await server.task(['backup', 'create', 'alice']);
	await server.context.store.update('backups', accountUuid!, draft => {
		draft.backups.push({...draft.backups[0]!, id: 'twin00000000000a', kind: 'safety'}, {...draft.backups[0]!, id: 'twin00000000000b', kind: 'safety'});
	});

	for (const [code, pattern, ...line] of [
		[5, /no account "nobody"/v, 'backup', 'create', 'nobody'],
		[5, /no job "never"/v, 'backup', 'create', 'alice', '--job', 'never'],
		[5, /no job "never"/v, 'backup', 'list', '--job', 'never'],
		[2, /nothing to look for/v, 'backup', 'find', ''],
		[5, /no backup "zzzzzz"/v, 'backup', 'show', 'zzzzzz'],
		[5, /no backup "twin"/v, 'backup', 'show', 'twin'],
		[2, /twin00000000000a, twin00000000000b/v, 'backup', 'show', 'twin00'],
		[5, /does not hold "nothere"/v, 'backup', 'files', 'latest:alice', 'nothere'],
		[5, /not inside the home/v, 'restore', 'latest:alice', '--path', '/etc/passwd', '--yes'],
		[5, /does not hold "site\/\*"/v, 'restore', 'latest:alice', '--path', 'site/*', '--yes'],
		[2, /is not usable/v, 'restore', 'latest:alice', '--exclude', '{a,b', '--yes'],
		[2, /--yes/v, 'restore', 'latest:alice'],
		[2, /is a folder/v, 'backup', 'cat', 'latest:alice', 'site'],
		[5, /no task/v, 'queue', 'show', 'abcdef'],
		[4, /read-only/v, 'backup', 'create', 'alice', '--read-only'],
		[2, /no option --wrong/v, 'backup', 'list', '--wrong'],
	] as const) {
		const result = await server.run(...line, '--json');
		t.is(result.code, code, line.join(' '));
		t.is(result.stdout, '');
		const {error} = JSON.parse(result.stderr) as {error: {message: string; hint: string}};
		t.regex(`${error.message} ${error.hint}`, pattern);
	}

	await server.context.store.update('accounts', undefined, draft => {
		draft.identities = draft.identities.map(identity => ({...identity, maxOnDemand: 0}));
	});
	const refused = await server.run('backup', 'create', 'alice');
	t.is(refused.code, 4);
	t.regex(refused.stderr, /not allowed for alice/v);
	t.like(await server.task(['backup', 'create', 'alice', '--job', 'nightly']), {state: 'completed'});
});

test('a name that was removed and made again is another account', async t => {
	const server = await setUpServer(t);
	const home = server.machine.home('alice');
	await fillHome(server);
	const made = await server.task(['backup', 'create', 'alice']);
	const backup = made.backup!;

	await server.machine.setAccounts([]);
	await rm(home, {recursive: true});
	const {orphans} = await server.json<{orphans: Array<Record<string, unknown>>}>(['orphan', 'list']);
	t.like(orphans[0], {name: 'alice', backupCount: 1});
	const gone = await server.run('restore', backup, '--item', 'homedir', '--yes');
	t.is(gone.code, 4);
	t.regex(gone.stderr, /does not exist any more.*\n.*--to/v);

	await server.machine.setAccounts([{name: 'alice', uid: 5002}]);
	t.deepEqual(await server.json(['backup', 'list', 'alice']), {backups: []});
	const foreign = await server.run('restore', backup, '--yes');
	t.is(foreign.code, 4);
	t.regex(foreign.stderr, /another account that was named alice/v);
	t.like(await server.run('backup', 'show', 'latest:alice'), {code: 5});

	const target = server.machine.path('target');
	t.like(await server.task(['restore', backup, '--to', target, '--yes']), {state: 'completed'});
	t.is(await readFile(join(target, 'notes.txt'), 'utf8'), 'notes\n');
});

test('a home that is gone, and a destination that is not mounted', async t => {
	const server = await setUpServer(t, [{name: 'alice', uid: 5001}, {name: 'bob', uid: 5002}]);
	await fillHome(server);
	await rm(server.machine.home('bob'), {recursive: true});
	const {tasks: both} = await server.json<{tasks: TaskDocument[]}>(['backup', 'create', 'alice', 'bob'], 3);
	const [alice, bob] = both;
	t.is(alice!.state, 'completed');
	t.like(bob, {state: 'failed', backup: null});
	t.regex(bob!.error!.message, /no home to work on.*missing/v);

	// The copy of the state comes there after the task has ended.
	await server.endRunner();
	await rm(join(server.state, 'vault'), {recursive: true});
	await mkdir(join(server.state, 'vault'));
	const unmounted = await server.task(['backup', 'create', 'alice'], 1);
	t.regex(unmounted.error!.message, /not mounted\?/v);
	t.like(await server.run('backup', 'files', alice!.backup!), {code: 1});
});
