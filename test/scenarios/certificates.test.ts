import {execFileSync} from 'node:child_process';
import {existsSync, lstatSync} from 'node:fs';
import {
	readFile,
	readlink,
	rm,
	writeFile,
} from 'node:fs/promises';
import test, {type ExecutionContext} from 'ava';
import {hasOpenssl, makeCertbot, type Certbot} from '../certbot.ts';
import {setUpServer, type BackupDocument, type Server} from '../set-up.ts';

const testCertificates = hasOpenssl ? test.serial : test.serial.skip;

const backUp = async (server: Server, name: string): Promise<BackupDocument> => {
	const made = await server.task(['backup', 'create', name]);

	return server.json<BackupDocument>(['backup', 'show', made.backup!]);
};

const partsOf = ({items}: BackupDocument): readonly string[] => items.find(({name}) => name === 'certificates')!.parts.map(({name}) => name);

const setUp = async (t: ExecutionContext): Promise<Server & {readonly certbot: Certbot}> => {
	const server = await setUpServer(t, [{name: 'alice', uid: 5001}, {name: 'al', uid: 5002}]);
	const certbot = await makeCertbot(server);
	await server.json(['account', 'set', 'alice', '--add-domain', 'a.example']);
	await server.json(['account', 'set', 'al', '--add-domain', 'al.example']);
	await certbot.make('a.example', ['a.example', '*.a.example'], 2);
	await certbot.make('al.example', ['al.example']);
	await certbot.make('both', ['www.a.example', 'al.example']);

	return {...server, certbot};
};

testCertificates('a certificate comes back with its key, links, renewals and modes, and those of others are left alone', async t => {
	const server = await setUp(t);
	const {path} = server.certbot;
	const backup = await backUp(server, 'alice');
	t.deepEqual(partsOf(backup), ['a.example']);
	const als = await backUp(server, 'al');
	t.deepEqual(partsOf(als), ['al.example']);
	const key = await readFile(path('archive/a.example/privkey2.pem'), 'utf8');
	const others = await readFile(path('archive/al.example/privkey1.pem'), 'utf8');

	await writeFile(path('archive/a.example/privkey2.pem'), 'broken');
	await rm(path('live/a.example/cert.pem'));
	await rm(path('renewal/a.example.conf'));
	await server.task(['restore', backup.id, '--item', 'certificates:a.example', '--yes', '--no-safety-backup']);
	t.is(await readFile(path('archive/a.example/privkey2.pem'), 'utf8'), key);
	t.is(lstatSync(path('archive/a.example/privkey2.pem')).mode & 0o777, 0o600);
	t.is(await readlink(path('live/a.example/cert.pem')), '../../archive/a.example/cert2.pem');
	t.true(existsSync(path('renewal/a.example.conf')));
	t.is(await readFile(path('archive/al.example/privkey1.pem'), 'utf8'), others);

	const same = await server.json<{keep: {count: number}}>(['restore', backup.id, '--item', 'certificates', '--dry-run']);
	t.is(same.keep.count, 1);
	await rm(path('live/a.example'), {recursive: true});
	await rm(path('archive/a.example'), {recursive: true});
	await server.task(['restore', backup.id, '--item', 'certificates', '--merge', '--yes']);
	t.is(await readFile(path('live/a.example/privkey.pem'), 'utf8'), key);
	t.deepEqual(execFileSync('find', [path(), '-name', '.*']).toString(), '');
});

testCertificates('a key that is not the certificate\'s is told and never put back; nor is a certificate of a domain that was taken away', async t => {
	const server = await setUp(t);
	const {path} = server.certbot;
	const good = await backUp(server, 'alice');
	const certificate = await readFile(path('live/a.example/cert.pem'), 'utf8');
	await server.certbot.make('spare', ['spare.example']);
	await writeFile(path('archive/a.example/privkey2.pem'), await readFile(path('archive/spare/privkey1.pem')));
	const bad = await server.task(['backup', 'create', 'alice'], 3);
	t.true(bad.items.find(({name}) => name === 'certificates')!.error!.includes('its key is not the one of its certificate'));
	await server.task(['restore', good.id, '--item', 'certificates', '--yes', '--no-safety-backup']);
	await server.task(['restore', bad.backup!, '--item', 'certificates', '--yes', '--no-safety-backup'], 1);
	t.is(await readFile(path('live/a.example/cert.pem'), 'utf8'), certificate);

	await server.json(['account', 'set', 'alice', '--remove-domain', 'a.example']);
	await server.task(['restore', good.id, '--item', 'certificates', '--yes', '--no-safety-backup'], 1);
});
