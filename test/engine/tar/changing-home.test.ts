import {execFileSync} from 'node:child_process';
import {
	chmodSync,
	linkSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import {Buffer} from 'node:buffer';
import path from 'node:path';
import process from 'node:process';
import test from 'ava';
import {createVault} from '../../../source/engine/vault/create-vault.ts';
import {makeTrappedHome, startBeside} from '../../hostile/trapped-home.ts';
import {createFixture, isRoot} from '../fixture.ts';
import {filesBelow} from '../vault-files.ts';

const whenRoot = isRoot ? test.serial : test.skip;
const rounds = process.env.HOLDFAST_TORTURE === undefined ? 6 : 200;

whenRoot('while its owner swaps folders and links, nothing outside a home comes into an archive, and a restore touches nothing outside', async t => {
	const {home, folder, vault, backup, engine, restoreRequest} = await createFixture(t);
	const {listOutside, race} = makeTrappedHome(t, {home, folder});
	const clean = await backup({structure: 'archived'});
	const before = listOutside();
	await race();

	for (let round = 0; round < rounds; round++) {
		const raced = await backup({structure: 'archived', uid: 1000});
		const archive = path.join(vault.folder, 'archives', 'account-1', raced.id, 'homedir.tar');
		t.false(readFileSync(archive).includes('CANARY'), `round ${round}`);
		execFileSync('tar', ['-tf', archive], {stdio: ['ignore', 'ignore', 'ignore']});
		await engine.restoreTree({...restoreRequest(clean.id, home), isMerge: round % 2 === 1});
		t.is(listOutside(), before, `round ${round}`);
	}
});

whenRoot('a file with a link outside the home and another owner is named and not read', async t => {
	const {home, folder, vault, backup} = await createFixture(t);
	writeFileSync(path.join(folder, 'shadow'), 'root only');
	chmodSync(path.join(folder, 'shadow'), 0o600);
	linkSync(path.join(folder, 'shadow'), path.join(home, 'stolen'));
	linkSync(path.join(folder, 'shadow'), path.join(home, 'stolen-too'));
	writeFileSync(path.join(home, 'roots'), 'by root, linked twice in here');
	linkSync(path.join(home, 'roots'), path.join(home, 'roots-too'));
	const made = await backup({structure: 'archived', uid: 1000});
	t.is(made.status, 'partial');
	t.is(made.fileCount, 2);
	t.deepEqual(made.findings.map(finding => finding.path), ['stolen', 'stolen-too']);
	const [archive] = filesBelow(path.join(vault.folder, 'archives'));
	t.false(readFileSync(archive!).includes('root only'));
});

/** Files of one letter alone, written anew, cut and written longer all the time. */
const churn = String.raw`
	$home = shift; $| = 1; print "changing\n";
	for (;;) {
		for $file ("small", "large") {
			$size = $file eq "small" ? 30000 : 3000000;
			open F, ">", "$home/$file"; print F "A" x ($size / 2 + rand($size)); close F;
			open F, ">>", "$home/log"; print F "A" x 5000; close F;
			truncate "$home/$file", rand($size / 2);
			truncate "$home/log", 0 if -s "$home/log" > 4000000;
			open F, ">", "$home/now-and-then"; print F "A" x 70000; close F; unlink "$home/now-and-then";
		}
	}
`;

for (const structure of ['archived', 'compressed'] as const) {
	test.serial(`${structure}: files that grow, shrink and vanish while they are read leave a sound archive, and no zeros in place of data`, async t => {
		const {home, folder, engine, backup, restoreRequest} = await createFixture(t);
		writeFileSync(path.join(home, 'after'), 'AAAA');
		await startBeside(t, 'perl', ['-e', churn, home]);

		for (let round = 0; round < rounds; round++) {
			const {id, findings} = await backup({structure});
			const target = mkdtempSync(path.join(folder, 'target-'));
			const restored = await engine.restoreTree(restoreRequest(id, target));
			t.is(restored.status, 'complete', JSON.stringify(restored.findings));

			for (const file of filesBelow(target)) {
				t.true(readFileSync(file).every(byte => byte === 65), `${file}: ${JSON.stringify(findings)}`);
			}

			rmSync(target, {recursive: true});
		}
	});
}

whenRoot('a destination that fills up keeps nothing of the failed archive, and works again when there is room', async t => {
	const {home, folder, vault, backup} = await createFixture(t);
	const disk = path.join(folder, 'disk');
	mkdirSync(disk);
	execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', disk]);
	t.teardown(() => {
		execFileSync('umount', [disk]);
	});
	const small = {...vault, folder: path.join(disk, 'vault'), id: 'vault-2'};
	await createVault(small.folder, {
		id: small.id, masterKey: small.masterKey, recoveryKey: Buffer.alloc(32, 9), createdAt: '2026-01-01T00:00:00.000Z',
	});
	execFileSync('sh', ['-c', 'head -c 20000000 /dev/urandom > "$1/b"; seq 1000 > "$1/c"', 'sh', home]);

	for (const structure of ['archived', 'compressed'] as const) {
		await t.throwsAsync(backup({structure, vault: small}), {message: /destination is full/v, name: 'UserError'});
		t.deepEqual(filesBelow(small.folder).filter(file => /archives|unfinished|backups/v.test(file)), []);
	}

	rmSync(path.join(home, 'b'));
	const made = await backup({structure: 'archived', vault: small});
	t.is(made.status, 'complete');
});

test.serial('an aborted backup leaves nothing behind', async t => {
	const {home, vault, backup, engine} = await createFixture(t);
	execFileSync('sh', ['-c', 'head -c 30000000 /dev/urandom > "$1/b"', 'sh', home]);
	const controller = new AbortController();
	const request = {...await backup({structure: 'archived'})};
	t.is(request.status, 'complete');
	const before = filesBelow(vault.folder);
	controller.abort();
	await t.throwsAsync(engine.backupTree({
		vault,
		structure: 'compressed',
		accountUuid: 'account-1',
		backupId: 'aborted000000001',
		previousBackupId: null,
		cacheFolder: path.join(home, '..', 'cache'),
		root: home,
		uid: process.getuid!(),
		excludes: [],
		threads: 2,
		manifest: {
			account: 'alice', machine: 'web1', createdAt: '2026-01-01T00:00:00.000Z', kind: 'manual', job: null, schedules: [],
		},
	}, {signal: controller.signal}), {message: /aborted/v});
	t.deepEqual(filesBelow(vault.folder), before);
});
