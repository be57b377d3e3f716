import {execFileSync} from 'node:child_process';
import {
	existsSync,
	readdirSync,
	renameSync,
	writeFileSync,
} from 'node:fs';
import {
	lchown,
	mkdir,
	readFile,
	rename,
	rm,
	stat,
	symlink,
	unlink,
	utimes,
	writeFile,
} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {isRoot} from '../engine/fixture.ts';
import {setUpServer, type BackupDocument, type Server} from '../set-up.ts';

type PreviewDocument = {readonly steps: ReadonlyArray<{path: string; action: string; reason: string}>};

const accounts = [{name: 'alice', uid: 5001}, {name: 'al', uid: 5002}];

const maildir = {
	'Maildir/new/1.M1.web1': 'From: a\n\nunread\n',
	'Maildir/cur/2.M2.web1:2,S': 'From: b\n\nread\n',
	'Maildir/tmp/3.M3.web1': 'half',
	'Maildir/.Sent/new/.keep': '',
	'Maildir/.Sent/cur/4.M4.web1:2,S': 'From: alice\n\nsent\n',
	'Maildir/.Sent/tmp/.keep': '',
	'Maildir/.Sent/maildirfolder': '',
	'Maildir/dovecot-uidlist': '3 V1 N5\n1 :1.M1.web1\n2 :2.M2.web1\n',
	'Maildir/subscriptions': 'Sent\n',
};

const setUp = async (t: ExecutionContext): Promise<Server & {readonly home: string; readonly mail: string}> => {
	const server = await setUpServer(t, accounts);
	const home = server.machine.home('alice');
	const mail = server.machine.path('mail');
	await mkdir(mail);
	await server.run('setting', 'set', 'items.mbox', mail);
	await server.run('setting', 'set', 'items.vmail', server.machine.path('vmail'));
	await server.write('alice', {...maildir, 'a.txt': 'a'});
	await utimes(join(home, 'Maildir/cur/2.M2.web1:2,S'), 1_600_000_000, 1_600_000_000);

	return {...server, home, mail};
};

const backUp = async (server: Server, name = 'alice'): Promise<BackupDocument> => {
	const made = await server.task(['backup', 'create', name]);

	return server.json<BackupDocument>(['backup', 'show', made.backup!]);
};

const list = (folder: string): readonly string[] => readdirSync(folder, {recursive: true, withFileTypes: true}).filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1)).toSorted();

const whole = Object.keys(maildir).map(path => path.slice('Maildir/'.length)).filter(path => !path.includes('tmp/')).toSorted();

test('a Maildir is held once, not by the home, and comes back message by message', async t => {
	const server = await setUp(t);
	const {home} = server;
	await server.json(['account', 'set', 'alice', '--add-exclude', 'Maildir', '--add-exclude', '*.web1*']);
	const backup = await backUp(server);
	const item = backup.items.find(({name}) => name === 'emails')!;
	t.is(item.status, 'complete');
	t.deepEqual(item.parts.map(({name}) => name), ['Maildir']);
	t.is(item.fileCount, whole.length);
	const files = await server.json<{entries: ReadonlyArray<{path: string}>}>(['backup', 'files', backup.id]);
	t.deepEqual(files.entries.map(({path}) => path), ['a.txt']);

	const same = await server.json<PreviewDocument>(['restore', backup.id, '--item', 'emails', '--dry-run']);
	t.is(same.steps[0]!.action, 'keep');
	const all = await server.json<PreviewDocument>(['restore', backup.id, '--dry-run']);
	t.deepEqual(all.steps.filter(({action}) => action !== 'keep'), []);

	// One is read meanwhile, one is deleted, one is broken, and one is new.
	await rename(join(home, 'Maildir/new/1.M1.web1'), join(home, 'Maildir/cur/1.M1.web1:2,S'));
	await unlink(join(home, 'Maildir/.Sent/cur/4.M4.web1:2,S'));
	await writeFile(join(home, 'Maildir/cur/2.M2.web1:2,S'), 'broken');
	await writeFile(join(home, 'Maildir/new/9.M9.web1'), 'From: c\n\nlater\n');
	const preview = await server.json<PreviewDocument>(['restore', backup.id, '--item', 'emails', '--dry-run']);
	t.is(preview.steps[0]!.reason, '1 message added, 1 message replaced, 1 message marked as before');
	const restored = await server.task(['restore', backup.id, '--item', 'emails:Maildir', '--yes']);
	t.is(restored.state, 'completed');
	t.deepEqual(list(join(home, 'Maildir')), [...whole, 'new/9.M9.web1', 'tmp/3.M3.web1', '.Sent/tmp/.keep'].toSorted());
	t.is(await readFile(join(home, 'Maildir/cur/2.M2.web1:2,S'), 'utf8'), maildir['Maildir/cur/2.M2.web1:2,S']);
	const {mtimeMs, uid} = await stat(join(home, 'Maildir/cur/2.M2.web1:2,S'));
	t.is(mtimeMs, 1_600_000_000_000);
	t.is(uid, isRoot ? 5001 : uid);

	await rm(join(home, 'Maildir'), {recursive: true});
	await server.task(['restore', backup.id, '--yes', '--no-safety-backup']);
	t.deepEqual(list(join(home, 'Maildir')), whole);
});

test('merge brings only messages that are nowhere in the mailbox, whatever folder they were moved to', async t => {
	const server = await setUp(t);
	const {home} = server;
	const backup = await backUp(server);
	await rename(join(home, 'Maildir/cur/2.M2.web1:2,S'), join(home, 'Maildir/.Sent/cur/2.M2.web1:2,ST'));
	await unlink(join(home, 'Maildir/new/1.M1.web1'));
	await writeFile(join(home, 'Maildir/subscriptions'), 'Mine\n');
	await server.task(['restore', backup.id, '--item', 'emails', '--merge', '--yes']);
	t.true(existsSync(join(home, 'Maildir/new/1.M1.web1')));
	t.false(existsSync(join(home, 'Maildir/cur/2.M2.web1:2,S')));
	t.is(await readFile(join(home, 'Maildir/subscriptions'), 'utf8'), 'Mine\n');
});

test('messages that are read while they are copied are neither lost nor doubled', async t => {
	const server = await setUp(t);
	const box = (name: string): string => join(server.home, 'Maildir', name);
	const count = 400;

	for (let index = 0; index < count; index++) {
		writeFileSync(box(`new/${1000 + index}.M.web1`), `message ${index}\n`);
	}

	const running = server.task(['backup', 'create', 'alice']);
	const done = {is: false};
	void running.finally(() => {
		done.is = true;
	});

	// A reader goes through the mailbox, marks what it saw, and marks it again, until the backup is made.
	for (let round = 0; !done.is && round < count * 4; round++) {
		const index = 1000 + (round % count);
		const flags = (times: number): string => times === 0 ? `new/${index}.M.web1` : `cur/${index}.M.web1:2,${'FRS'.slice(0, times - 1)}`;
		const times = Math.trunc(round / count);
		renameSync(box(flags(times)), box(flags(times + 1)));
		await delay(1);
	}

	const made = await running;
	t.is(made.state, 'completed');
	const target = server.machine.path('target');
	await server.task(['restore', made.backup!, '--item', 'emails', '--to', target, '--yes']);
	const mail = `${target}/.holdfast/emails/Maildir/mail`;
	const names = [...readdirSync(`${mail}/new`), ...readdirSync(`${mail}/cur`)].map(name => name.split(':', 1)[0]!);
	t.is(new Set(names).size, names.length);
	t.is(names.filter(name => name.endsWith('.M.web1')).length, count);
});

test('declared and virtual mailboxes are the account\'s own, and nobody else\'s', async t => {
	const server = await setUp(t);
	const vmail = server.machine.path('vmail');

	for (const address of ['a.example/info', 'a.example/shop', 'al.example/info']) {
		await mkdir(join(vmail, address, 'cur'), {recursive: true});
		await mkdir(join(vmail, address, 'new'));
		await writeFile(join(vmail, address, 'cur', '1.x:2,S'), address);
	}

	await server.json(['account', 'set', 'alice', '--add-domain', 'a.example', '--add-mailbox', `list@a.example=${server.home}/lists`]);
	await server.json(['account', 'set', 'al', '--add-domain', 'al.example', '--add-mailbox', `theft@al.example=${server.home}/Maildir`]);
	await server.write('alice', {'lists/new/1.l': 'list', 'lists/cur/2.l:2,S': 'old'});
	const backup = await backUp(server);
	t.deepEqual(backup.items.find(({name}) => name === 'emails')!.parts.map(({name, status}) => [name, status]), [['Maildir', 'complete'], ['list@a.example', 'complete'], ['info@a.example', 'complete'], ['shop@a.example', 'complete']]);
	const als = await server.task(['backup', 'create', 'al'], 3);
	t.deepEqual(als.items.find(({name}) => name === 'emails')!.parts.map(({name, status}) => [name, status]), [['theft@al.example', 'failed'], ['info@al.example', 'complete']]);

	await rm(join(vmail, 'a.example'), {recursive: true});
	await rm(join(vmail, 'al.example/info/cur/1.x:2,S'));
	await server.task(['restore', backup.id, '--item', 'emails:info@a.example', '--yes', '--no-safety-backup']);
	t.is(await readFile(join(vmail, 'a.example/info/cur/1.x:2,S'), 'utf8'), 'a.example/info');
	t.false(existsSync(join(vmail, 'a.example/shop')));
	t.false(existsSync(join(vmail, 'al.example/info/cur/1.x:2,S')));
});

test('the mbox of the system comes back message by message, too', async t => {
	const server = await setUp(t);
	const mbox = join(server.mail, 'alice');
	await rm(join(server.home, 'Maildir'), {recursive: true});
	const one = 'From a Mon Jan  1 00:00:00 2026\nSubject: one\n\nFirst.\n\n';
	const two = 'From b Mon Jan  2 00:00:00 2026\nSubject: two\n\nSecond.\n\n';
	const three = 'From c Mon Jan  3 00:00:00 2026\nSubject: three\n\nThird.\n\n';
	await writeFile(mbox, one + two, {mode: 0o600});
	const backup = await backUp(server);
	t.deepEqual(backup.items.find(({name}) => name === 'emails')!.parts.map(({name}) => name), ['mbox']);
	await writeFile(mbox, two.replace('Subject', 'Status: RO\nSubject') + three);
	await server.task(['restore', backup.id, '--item', 'emails', '--merge', '--yes']);
	t.is(await readFile(mbox, 'utf8'), two.replace('Subject', 'Status: RO\nSubject') + three);
	await server.task(['restore', backup.id, '--item', 'emails', '--yes']);
	t.is(await readFile(mbox, 'utf8'), two + three + one);
	await rm(mbox);
	await server.task(['restore', backup.id, '--item', 'emails', '--yes']);
	t.is(await readFile(mbox, 'utf8'), one + two);
	t.deepEqual(readdirSync(server.mail), ['alice']);
});

test('what the owner of a mailbox plants in it is neither read nor written through', async t => {
	const server = await setUp(t);
	const {home} = server;
	const backup = await backUp(server);
	const secret = server.machine.path('secret');
	await mkdir(secret);
	await writeFile(join(secret, 'file'), 'CANARY');
	execFileSync('mkfifo', [join(home, 'Maildir/cur/7.fifo')]);
	await symlink(join(secret, 'file'), join(home, 'Maildir/cur/8.link'));
	await symlink(secret, join(home, 'Maildir/.Planted'));
	const task = await server.task(['backup', 'create', 'alice'], 3);
	t.is(task.items.find(({name}) => name === 'emails')!.status, 'partial');
	const target = server.machine.path('target');
	await server.run('restore', task.backup!, '--item', 'emails', '--to', target, '--yes');
	t.throws(() => execFileSync('grep', ['-r', 'CANARY', target]));

	await rm(join(home, 'Maildir/.Sent'), {recursive: true});
	await symlink(secret, join(home, 'Maildir/.Sent'));
	await server.task(['restore', backup.id, '--item', 'emails', '--yes', '--no-safety-backup']);
	t.deepEqual(readdirSync(secret), ['file']);
	t.true(existsSync(join(home, 'Maildir/.Sent/cur/4.M4.web1:2,S')));

	await rm(join(home, 'Maildir'), {recursive: true});
	await symlink(secret, join(home, 'Maildir'));

	if (!isRoot) {
		return;
	}

	await lchown(join(home, 'Maildir'), 5001, 5001);
	await server.task(['restore', backup.id, '--item', 'emails', '--yes', '--no-safety-backup'], 1);
	t.deepEqual(readdirSync(secret), ['file']);
});

test('undoing a restore of the home alone touches no mailbox: what was deleted and read since stays so', async t => {
	const server = await setUp(t);
	const {home} = server;
	const {id} = await backUp(server);
	await server.write('alice', {'a.txt': 'b'});
	const restored = await server.task(['restore', id, '--item', 'homedir', '--yes']);
	t.is(await readFile(join(home, 'a.txt'), 'utf8'), 'a');

	// Mail goes on.
	await rename(join(home, 'Maildir/new/1.M1.web1'), join(home, 'Maildir/cur/1.M1.web1:2,S'));
	await unlink(join(home, 'Maildir/cur/2.M2.web1:2,S'));
	await writeFile(join(home, 'Maildir/new/9.M9.web1'), 'From: c\n\nnew\n');
	const undone = await server.task(['rollback', restored.id, '--yes']);

	t.is(undone.state, 'completed');
	t.is(await readFile(join(home, 'a.txt'), 'utf8'), 'b');
	t.deepEqual(readdirSync(join(home, 'Maildir/new')), ['9.M9.web1']);
	t.deepEqual(readdirSync(join(home, 'Maildir/cur')), ['1.M1.web1:2,S']);
});

test('undoing a restore takes away the messages that it brought, and nothing that came since', async t => {
	const server = await setUp(t);
	const {home, mail} = server;
	const box = (...names: readonly string[]): string => join(home, 'Maildir', ...names);
	const mbox = (...numbers: readonly number[]): string => numbers.map(number => `From a Mon Jan  1 00:00:00 2026\nSubject: ${number}\n\nText.\n\n`).join('');
	await writeFile(join(mail, 'alice'), mbox(1, 2));
	await server.json(['account', 'set', 'alice', '--add-mailbox', `list@a.example=${home}/lists`]);
	await server.write('alice', {'lists/new/1.l': 'list', 'lists/cur/2.l:2,S': 'old'});
	const {id} = await backUp(server);
	await rm(box('cur/2.M2.web1:2,S'));
	await rm(box('.Sent'), {recursive: true});
	await writeFile(join(mail, 'alice'), mbox(2));
	await rm(join(home, 'lists'), {recursive: true});
	const before = list(join(home, 'Maildir'));

	const first = await server.task(['restore', id, '--item', 'emails', '--yes']);
	t.is(first.state, 'completed', 'a declared mailbox that is gone needs no safety backup');
	t.deepEqual(list(join(home, 'lists')), ['cur/2.l:2,S', 'new/1.l']);
	t.is(await readFile(join(mail, 'alice'), 'utf8'), mbox(2, 1));
	const undone = await server.task(['rollback', first.id, '--yes']);
	t.is(undone.state, 'completed', JSON.stringify(undone));
	t.deepEqual(list(join(home, 'Maildir')), before);
	t.false(existsSync(join(home, 'lists')));
	t.is(await readFile(join(mail, 'alice'), 'utf8'), mbox(2));

	const second = await server.task(['restore', id, '--item', 'emails', '--merge', '--yes']);
	await writeFile(box('new/9.M9.web1'), 'later');
	await writeFile(box('.Sent/cur/8.M8.web1:2,S'), 'later');
	await writeFile(join(home, 'lists/new/9.l'), 'later');
	await writeFile(join(mail, 'alice'), mbox(2, 3));
	const partial = await server.task(['rollback', second.id, '--yes'], 3);
	t.true(partial.findings.some(({message}) => message.includes('.Sent: it was changed since')), JSON.stringify(partial.findings));
	t.true(partial.findings.some(({message}) => message.includes('list@a.example could not be removed: mail came since')), JSON.stringify(partial.findings));
	t.deepEqual(['new/9.M9.web1', '.Sent/cur/8.M8.web1:2,S', 'cur/2.M2.web1:2,S'].map(name => existsSync(box(name))), [true, true, false]);
	t.true(existsSync(join(home, 'lists/new/9.l')));
	t.is(await readFile(join(mail, 'alice'), 'utf8'), mbox(2, 3));
});
