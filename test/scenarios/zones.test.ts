import {
	readFile,
	rm,
	symlink,
	writeFile,
} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {
	hasBind,
	hasBindTools,
	makeZones,
	startNameServer,
	type TestZones,
	zoneText,
} from '../name-server.ts';
import {setUpServer, type BackupDocument, type Server} from '../set-up.ts';

const accounts = [{name: 'alice', uid: 5001}, {name: 'al', uid: 5002}];
const testZones = hasBindTools ? test : test.skip;

type PreviewDocument = {readonly steps: ReadonlyArray<{path: string; action: string; reason: string}>};

const setUp = async (t: ExecutionContext, more = ''): Promise<Server & {readonly zones: TestZones; readonly live: (name: string) => string}> => {
	const server = await setUpServer(t, accounts);
	const zones = await makeZones(t, {
		'a.example': zoneText('a.example', 100), 'shop.a.example': zoneText('shop.a.example', 5), 'al.example': zoneText('al.example', 7), 'other.example': zoneText('other.example', 1),
	}, more);
	await server.run('setting', 'set', 'items.bind', zones.configuration);
	await server.json(['account', 'set', 'alice', '--add-domain', 'a.example']);
	await server.json(['account', 'set', 'al', '--add-domain', 'al.example', '--add-domain', 'shop.a.example']);

	return {...server, zones, live: name => join(zones.folder, 'zones', name)};
};

const backUp = async (server: Server, name: string): Promise<BackupDocument> => {
	const made = await server.task(['backup', 'create', name]);

	return server.json<BackupDocument>(['backup', 'show', made.backup!]);
};

const partsOf = ({items}: BackupDocument): readonly string[] => items.find(({name}) => name === 'zones')!.parts.map(({name}) => name);

testZones('each account has the zones of its own domains, and a damaged one comes back with a serial that secondaries see', async t => {
	const server = await setUp(t);
	const [alices, als] = [await backUp(server, 'alice'), await backUp(server, 'al')];
	t.deepEqual(partsOf(alices), ['a.example']);
	t.deepEqual(partsOf(als), ['shop.a.example', 'al.example']);

	const same = await server.json<PreviewDocument>(['restore', als.id, '--item', 'zones', '--dry-run']);
	t.deepEqual(same.steps.map(({action}) => action), ['keep', 'keep']);

	await writeFile(server.live('al.example'), zoneText('al.example', 9, '203.0.113.9'));
	await writeFile(server.live('shop.a.example'), 'broken {\n');
	const preview = await server.json<PreviewDocument>(['restore', als.id, '--item', 'zones:al.example', '--dry-run']);
	t.is(preview.steps[0]!.action, 'overwrite');
	t.true(preview.steps[0]!.reason.includes('serial 9 → 10'));
	const restored = await server.task(['restore', als.id, '--item', 'zones:al.example', '--yes', '--no-safety-backup']);
	t.is(restored.state, 'completed');
	t.is(await readFile(server.live('al.example'), 'utf8'), zoneText('al.example', 10));
	t.is(await readFile(server.live('shop.a.example'), 'utf8'), 'broken {\n');

	await server.task(['restore', als.id, '--item', 'zones', '--yes']);
	t.is(await readFile(server.live('shop.a.example'), 'utf8'), zoneText('shop.a.example', 6));
	await rm(server.live('al.example'));
	await server.task(['restore', als.id, '--item', 'zones', '--merge', '--yes']);
	t.is(await readFile(server.live('al.example'), 'utf8'), zoneText('al.example', 8));
	t.is(await readFile(server.live('a.example'), 'utf8'), zoneText('a.example', 100));
});

testZones('dynamic zones are named and left alone; merge keeps what is there; a domain that was taken away is not put back', async t => {
	const server = await setUp(t, 'zone "dyn.a.example" { type primary; file "zones/dyn"; allow-update { key "k"; }; };\nview "inside" { zone "v.a.example" { type master; file "zones/v"; }; };\n');
	await writeFile(server.live('dyn'), zoneText('dyn.a.example', 1));
	await writeFile(server.live('v'), zoneText('v.a.example', 1));
	const backup = await backUp(server, 'alice');
	t.deepEqual(partsOf(backup), ['a.example', 'v.a.example']);
	const {stdout} = await server.run('queue', 'list', '--all', '--json');
	const {tasks} = JSON.parse(stdout) as {tasks: ReadonlyArray<{id: string}>};
	const told = await server.run('queue', 'show', tasks[0]!.id);
	t.true(told.stdout.includes('dyn.a.example: it is dynamic'), told.stdout);

	const changed = zoneText('a.example', 100, '198.51.100.7');
	await writeFile(server.live('a.example'), changed);
	await server.task(['restore', backup.id, '--item', 'zones', '--merge', '--yes']);
	t.is(await readFile(server.live('a.example'), 'utf8'), changed);

	await server.json(['account', 'set', 'alice', '--remove-domain', 'a.example']);
	const refused = await server.task(['restore', backup.id, '--item', 'zones', '--yes'], 1);
	t.is(refused.state, 'failed');
	t.is(await readFile(server.live('a.example'), 'utf8'), changed);
});

testZones('what BIND would not load, or what would read other files, never replaces a zone', async t => {
	const server = await setUp(t);
	await writeFile(server.live('a.example'), zoneText('a.example', 3).replace('IN NS', 'IN NX'));
	const bad = await backUp(server, 'alice');
	const good = zoneText('a.example', 50);
	await writeFile(server.live('a.example'), good);
	await server.task(['restore', bad.id, '--item', 'zones', '--yes'], 1);
	t.is(await readFile(server.live('a.example'), 'utf8'), good);

	await writeFile(server.live('a.example'), `${zoneText('a.example', 60)}$INCLUDE /etc/shadow\n`);
	const made = await server.task(['backup', 'create', 'alice'], 3);
	await writeFile(server.live('a.example'), good);
	const refused = await server.task(['restore', made.backup!, '--item', 'zones', '--yes'], 1);
	t.true(refused.error!.message.includes('includes another file'), refused.error!.message);
	t.is(await readFile(server.live('a.example'), 'utf8'), good);
});

testZones('a zone file in a home is held once, and no link of its owner leads out of it', async t => {
	const server = await setUp(t);
	const folder = server.machine.home('alice');
	await server.write('alice', {'dns/mine': zoneText('mine.a.example', 4), 'a.txt': 'a'});
	await writeFile(join(server.zones.folder, 'named.conf.local'), `zone "mine.a.example" { type master; file "${folder}/dns/mine"; };\n`);
	const backup = await backUp(server, 'alice');
	t.deepEqual(partsOf(backup), ['mine.a.example']);
	const files = await server.json<{entries: ReadonlyArray<{path: string}>}>(['backup', 'files', backup.id, '--recursive']);
	t.deepEqual(files.entries.map(({path}) => path), ['a.txt', 'dns']);

	const outside = server.live('al.example');
	await rm(join(folder, 'dns', 'mine'));
	await symlink(outside, join(folder, 'dns', 'mine'));
	const failed = await server.task(['backup', 'create', 'alice'], 3);
	t.is(failed.items.find(({name}) => name === 'zones')?.status, 'failed');
	await rm(join(folder, 'dns'), {recursive: true});
	await symlink(join(server.zones.folder, 'zones'), join(folder, 'dns'));
	await server.run('restore', backup.id, '--item', 'zones', '--yes', '--no-safety-backup');
	t.is(await readFile(outside, 'utf8'), zoneText('al.example', 7));
});

(hasBind ? test : test.skip)('a running BIND serves the restored zone at once', async t => {
	const server = await setUp(t);
	const dns = await startNameServer(t, server.zones);
	const backup = await backUp(server, 'alice');
	t.is(await dns.serial('a.example'), 100);
	await writeFile(server.live('a.example'), zoneText('a.example', 200, '203.0.113.9'));
	const restored = await server.task(['restore', backup.id, '--item', 'zones', '--yes']);
	t.is(restored.state, 'completed');
	t.is(await dns.serial('a.example'), 201);
});
