/** Too little room where things are put back: seen before anything is touched, or met on the way; what is live stays as it was, and the task says so. */
import {hash} from 'node:crypto';
import {
	readdirSync,
	readFileSync,
	statfsSync,
} from 'node:fs';
import {
	mkdir,
	readFile,
	rm,
	writeFile,
} from 'node:fs/promises';
import test from 'ava';
import {hasOpenssl, makeCertbot} from '../certbot.ts';
import {isRoot} from '../engine/fixture.ts';
import {hasBindTools, makeZones, zoneText} from '../name-server.ts';
import {noise, setUpServer, type Server} from '../set-up.ts';
import {fillDisk, mountSmall} from '../small-disk.ts';

const whenRoot = isRoot ? test : test.skip;

const backUp = async (server: Server): Promise<string> => {
	const made = await server.task(['backup', 'create', 'alice']);

	return made.backup!;
};

/** All regular files below a folder with what is in them. */
const look = (folder: string): string => readdirSync(folder, {recursive: true, withFileTypes: true})
	.filter(entry => entry.isFile())
	.map(({parentPath, name}) => `${parentPath}/${name} ${hash('sha256', readFileSync(`${parentPath}/${name}`))}`)
	.toSorted()
	.join('\n');

whenRoot('who looks for orphans that fill the disk sees them, and what deleting them frees', async t => {
	const server = await setUpServer(t, [{name: 'alice', uid: 5001}, {name: 'bob', uid: 5002}]);
	await server.write('bob', {'noise.bin': noise(300_000)});
	await server.task(['backup', 'create', 'bob']);
	await server.machine.setAccounts([{name: 'alice', uid: 5001}]);
	await server.json(['account', 'list']);
	mountSmall(server.afterRunner, `${server.state}/cache`, '64k');
	fillDisk(`${server.state}/cache`, 0);
	const {orphans} = await server.json<{readonly orphans: ReadonlyArray<{readonly name: string; readonly reclaimableBytes: number}>}>(['orphan', 'list']);
	t.is(orphans[0]!.name, 'bob');
	t.true(orphans[0]!.reclaimableBytes > 300_000);
	t.deepEqual(readdirSync(`${server.state}/cache`), ['filler']);
});

whenRoot('what does not fit is refused with the figures before anything is touched: mailboxes, folders, packages', async t => {
	const server = await setUpServer(t);
	const vmail = server.machine.path('vmail');
	mountSmall(server.afterRunner, vmail, '6m');
	await server.run('setting', 'set', 'items.vmail', vmail);
	await server.json(['account', 'set', 'alice', '--add-domain', 'a.example']);
	await mkdir(`${vmail}/a.example/info/cur`, {recursive: true});
	await mkdir(`${vmail}/a.example/info/new`);
	await writeFile(`${vmail}/a.example/info/cur/1.x:2,S`, noise(2_000_000));
	await writeFile(`${vmail}/a.example/info/cur/2.x:2,S`, noise(2_000_000));
	await server.write('alice', Object.fromEntries(Array.from({length: 60}, (_, index) => [`site/${index}.txt`, `${index}`])));
	const backup = await backUp(server);
	await rm(`${vmail}/a.example/info/cur/2.x:2,S`);
	await writeFile(`${vmail}/a.example/info/cur/3.x:2,S`, 'today');

	// One of the two messages is live, so what is missing fits, though all would not.
	fillDisk(vmail, 2_500_000);
	await server.task(['restore', backup, '--item', 'emails:info@a.example', '--yes']);
	await rm(`${vmail}/a.example/info/cur/1.x:2,S`);
	await rm(`${vmail}/a.example/info/cur/2.x:2,S`);
	await writeFile(`${vmail}/filler2`, noise(2_000_000));
	const tooSmall = await server.task(['restore', backup, '--item', 'emails', '--item', 'homedir', '--yes'], 1);
	t.regex(tooSmall.error!.message, /restore of emails needs 4\.0 MB, and only 2\.\d MB are free at .*vmail/v);
	t.is(tooSmall.safetyBackup, null);
	t.deepEqual(readdirSync(`${vmail}/a.example/info/cur`), ['3.x:2,S']);
	await rm(`${vmail}/filler`);
	await server.task(['restore', backup, '--item', 'emails', '--yes']);
	fillDisk(vmail, 100_000);
	const kept = await server.task(['restore', backup, '--item', 'emails', '--yes']);
	t.is(kept.state, 'completed', 'nothing is missing, so nothing is needed');

	const few = server.machine.path('few');
	mountSmall(server.afterRunner, few, '6m,nr_inodes=50');
	const inodes = await server.task(['restore', backup, '--item', 'homedir', '--to', `${few}/home`, '--yes'], 1);
	t.regex(inodes.error!.message, /makes 6\d files, and the file system at .* has room for 4\d more/v);
	t.deepEqual(readdirSync(few), []);

	const downloads = server.machine.path('downloads');
	mountSmall(server.afterRunner, downloads, '3m');
	await server.run('setting', 'set', 'downloads.dir', downloads);
	const packed = await server.task(['download', 'create', backup], 1);
	t.regex(packed.error!.message, /may need 4\.0 MB, and only 3\.\d MB are free/v);
	t.deepEqual(readdirSync(downloads), []);
	await server.task(['download', 'create', backup, '--item', 'homedir']);
});

(isRoot && hasOpenssl ? test : test.skip)('a disk that fills up while mail, certificates, zones and crontabs are put back leaves each as it was', async t => {
	const server = await setUpServer(t);
	const [vmail, certificates, crontabs] = ['vmail', 'letsencrypt', 'crontabs'].map(name => server.machine.path(name)) as [string, string, string];
	const zones = await makeZones(t, {'a.example': zoneText('a.example', 100), 'b.example': zoneText('b.example', 100)});
	const zoneFolder = `${zones.folder}/zones`;
	await rm(zoneFolder, {recursive: true});
	mountSmall(server.afterRunner, zoneFolder, '100k');
	mountSmall(server.afterRunner, crontabs, '200k');

	for (const domain of ['a.example', 'b.example']) {
		await writeFile(`${zoneFolder}/${domain}`, zoneText(domain, 100));
	}

	for (const [key, value] of [['vmail', vmail], ['crontabs', crontabs], ['bind', zones.configuration]] as const) {
		await server.run('setting', 'set', `items.${key}`, value);
	}

	await server.json(['account', 'set', 'alice', '--add-domain', 'a.example', '--add-domain', 'b.example']);
	const box = `${vmail}/a.example/info`;
	await mkdir(`${box}/new`, {recursive: true});
	// A disk below the one that is asked: what cannot be known before.
	mountSmall(server.afterRunner, `${box}/cur`, '100k');

	for (let index = 10; index < 20; index++) {
		await writeFile(`${box}/cur/${index}.x:2,S`, `From: a\n\n${'x'.repeat(4000)}${index}\n`);
	}

	await mkdir(certificates);
	mountSmall(server.afterRunner, `${certificates}/live`, '1m,nr_inodes=10');
	const certbot = await makeCertbot(server);
	await certbot.make('a.example', ['a.example']);
	await writeFile(`${crontabs}/alice`, `# ${'y'.repeat(20_000)}\n5 4 * * * /usr/bin/true\n`);
	const backup = await backUp(server);

	// Each is changed, and its disk filled.
	await rm(`${box}/cur/10.x:2,S`);
	await writeFile(`${box}/cur/11.x:2,S`, 'broken');
	await writeFile(`${box}/cur/30.x:2,S`, 'new');
	fillDisk(`${box}/cur`, 0);
	await writeFile(`${certificates}/archive/a.example/privkey1.pem`, 'broken');

	for (let index = 0; hasRoomForOne(`${certificates}/live`); index++) {
		await writeFile(`${certificates}/live/${index}.filler`, '');
	}

	await writeFile(`${crontabs}/alice`, '1 1 * * * mine\n');
	fillDisk(crontabs, 8192);
	const before = [look(box), look(certificates), look(crontabs)];
	const task = await server.task(['restore', backup, '--item', 'emails', '--item', 'certificates', '--item', 'cron', '--yes', '--no-safety-backup'], 1);
	t.is(task.state, 'failed');
	t.deepEqual(task.items.map(({name, status}) => [name, status]), [['certificates', 'failed'], ['emails', 'failed'], ['cron', 'failed']]);
	t.true(task.items.every(({error}) => error!.includes('no space is left where it goes; make room there')), JSON.stringify(task.items));
	t.deepEqual([look(box), look(certificates), look(crontabs)], before);
	t.false(readdirSync(`${certificates}/archive`).some(name => name.startsWith('.')));

	// With one that has room it is partial.
	await rm(`${crontabs}/filler`);
	const partial = await server.task(['restore', backup, '--item', 'emails', '--item', 'cron', '--yes', '--no-safety-backup'], 3);
	t.is(partial.state, 'partial');
	const crontab = await readFile(`${crontabs}/alice`, 'utf8');
	t.true(crontab.endsWith('/usr/bin/true\n'));

	if (!hasBindTools) {
		return;
	}

	const changed = zoneText('a.example', 100, '198.51.100.7');
	await writeFile(`${zoneFolder}/a.example`, changed);
	fillDisk(zoneFolder, 0);
	const zone = await server.task(['restore', backup, '--item', 'zones', '--yes', '--no-safety-backup'], 1);
	t.regex(zone.error!.message, /restore of zones needs \d+ B/v);
	t.is(await readFile(`${zoneFolder}/a.example`, 'utf8'), changed);

	// Both fit by what they hold, but the one that is missing takes the last page of the disk.
	await rm(`${zoneFolder}/filler`);
	await rm(`${zoneFolder}/a.example`);
	await writeFile(`${zoneFolder}/b.example`, zoneText('b.example', 100, '198.51.100.7'));
	fillDisk(zoneFolder, 4096);
	const half = await server.task(['restore', backup, '--item', 'zones', '--yes', '--no-safety-backup'], 3);
	t.deepEqual(half.items[0]!.parts.map(({name, status}) => [name, status]), [['a.example', 'complete'], ['b.example', 'failed']]);
	t.regex(half.items[0]!.error!, /no space is left where it goes; make room there/v);
	t.is(await readFile(`${zoneFolder}/b.example`, 'utf8'), zoneText('b.example', 100, '198.51.100.7'));
	t.deepEqual(readdirSync(zoneFolder).toSorted(), ['a.example', 'b.example', 'filler']);
	await rm(`${zoneFolder}/filler`);
	await server.task(['restore', backup, '--item', 'zones', '--yes', '--no-safety-backup']);
	t.regex(await readFile(`${zoneFolder}/b.example`, 'utf8'), /192\.0\.2\.1/v);
});

/** Whether another file can be made. */
const hasRoomForOne = (folder: string): boolean => statfsSync(folder).ffree > 0;
