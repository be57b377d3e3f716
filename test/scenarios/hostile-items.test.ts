/** What customers can choose themselves, names and contents, chosen by an attacker: nothing of somebody else's is read, no terminal is told anything, and all that is theirs comes back. */
import {Buffer} from 'node:buffer';
import {execFileSync, spawnSync} from 'node:child_process';
import {readdirSync} from 'node:fs';
import {
	mkdir,
	readFile,
	rm,
	symlink,
	writeFile,
} from 'node:fs/promises';
import test from 'ava';
import {hasOpenssl, makeCertbot} from '../certbot.ts';
import {setUpServer} from '../set-up.ts';

/** Raw. */
const mailboxes = ['\u{1B}]0;owned\u{7}\u{1B}[2J', 'a\ncomplete  evil', '\'; touch owned; \'', '$(touch owned)', '%s%n', '--', '-rf', '\u{FF}\u{FE}', 'evil..', '\u{80}\u{9B}31m', String.raw`a\b`, 'x'.repeat(200)];

const raw = (path: string): Buffer => Buffer.from(path, 'latin1');

(hasOpenssl ? test : test.skip)('hostile names of mailboxes, a huge crontab with zeros in it, a certificate that leads to a secret', async t => {
	const server = await setUpServer(t);
	const [vmail, crontabs, secret] = ['vmail', 'crontabs', 'secret'].map(name => server.machine.path(name)) as [string, string, string];
	await mkdir(crontabs);
	await writeFile(secret, 'CANARY');
	await server.run('setting', 'set', 'items.vmail', vmail);
	await server.run('setting', 'set', 'items.crontabs', crontabs);
	await server.json(['account', 'set', 'alice', '--add-domain', 'a.example', '--add-domain', 'b.example']);

	for (const name of mailboxes) {
		const box = `${vmail}/a.example/${name}`;
		await mkdir(raw(`${box}/cur`), {recursive: true});
		await mkdir(raw(`${box}/new`));
		await writeFile(raw(`${box}/cur/1.${name.replaceAll('/', '')}:2,S`), `To: ${name}\n\n`, 'latin1');
	}

	const crontab = Buffer.concat([Buffer.from(`# ${'\0'.repeat(100)}\n`), Buffer.alloc(10 << 20, '# all day\n')]);
	await writeFile(`${crontabs}/alice`, crontab);
	const certbot = await makeCertbot(server);
	await certbot.make('a.example', ['a.example']);
	await certbot.make('b.example', ['b.example']);
	await rm(certbot.path('archive', 'a.example', 'privkey1.pem'));
	await symlink(secret, certbot.path('archive', 'a.example', 'privkey1.pem'));
	await symlink(secret, certbot.path('live', 'b.example', 'README'));

	const look = (): readonly string[] => execFileSync('find', [vmail, '-type', 'f', '-printf', String.raw`%P %s\0`]).toString('latin1').split('\0').toSorted();
	const before = look();
	const task = await server.task(['backup', 'create', 'alice'], 3);
	t.deepEqual(task.items.filter(({status}) => status === 'partial' || status === 'failed').map(({name}) => name), ['certificates']);
	const words = await Promise.all([server.run('backup', 'show', task.backup!), server.run('queue', 'show', task.id), server.run('restore', task.backup!, '--dry-run')]);
	const said = words.map(({stdout, stderr}) => stdout + stderr).join('');
	t.true(said.includes('owned'));
	t.deepEqual(said.match(/\p{Control}/gv)!.filter(character => character !== '\n'), []);
	t.notRegex(said, /^complete {2}evil/mv);

	const target = server.machine.path('target');
	await server.run('restore', task.backup!, '--to', target, '--yes');
	t.is(spawnSync('grep', ['-r', 'CANARY', target]).status, 1);

	await rm(`${vmail}/a.example`, {recursive: true});
	await rm(`${crontabs}/alice`);
	await server.task(['restore', task.backup!, '--item', 'emails', '--item', 'cron', '--yes', '--no-safety-backup']);
	t.deepEqual(look(), before);
	t.true(crontab.equals(await readFile(`${crontabs}/alice`)));
	t.deepEqual(readdirSync(server.machine.folder).filter(name => name.includes('owned')), []);
	t.is(await readFile(secret, 'utf8'), 'CANARY');
});
