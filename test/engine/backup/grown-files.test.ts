/** Files that grow at their end, such as logs and mailboxes: what was stored of them is not stored again. */
import {Buffer} from 'node:buffer';
import {appendFileSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {openVault} from '../../../source/engine/vault/vault.ts';
import {Random} from '../../benchmarks/random.ts';
import {createFixture, type EngineFixture} from '../fixture.ts';

const random = new Random(5);

const lengthsOf = async ({vault}: EngineFixture, backupId: string, name: string): Promise<readonly number[] | undefined> => {
	const opened = await openVault(vault);

	try {
		const entries = opened.walkEntries(opened.readManifest('account-1', backupId));

		return entries.find(entry => entry.path === name)?.content?.extents.map(({length}) => length);
	} finally {
		opened.close();
	}
};

const readRestored = async ({engine, folder, restoreRequest}: EngineFixture, backupId: string): Promise<Buffer> => {
	const target = path.join(folder, `target-${backupId}`);
	await engine.restoreTree(restoreRequest(backupId, target));

	return readFileSync(path.join(target, 'log'));
};

test('of a file that grew, only the rest is stored; when the rest is the larger part it is one segment again', async t => {
	const fixture = await createFixture(t);
	const {home, backup} = fixture;
	const log = path.join(home, 'log');
	writeFileSync(log, random.bytes(200_000));
	const first = await backup();
	appendFileSync(log, random.bytes(1000));
	const second = await backup();
	appendFileSync(log, random.bytes(2000));
	const third = await backup();
	const content = readFileSync(log);
	appendFileSync(log, random.bytes(200_000));
	const fourth = await backup();

	t.deepEqual(await lengthsOf(fixture, first.id, 'log'), [200_000]);
	t.deepEqual(await lengthsOf(fixture, second.id, 'log'), [200_000, 1000]);
	t.deepEqual(await lengthsOf(fixture, third.id, 'log'), [200_000, 3000]);
	t.deepEqual(await lengthsOf(fixture, fourth.id, 'log'), [403_000]);
	t.true(second.storedBytes < 20_000, `${second.storedBytes}`);
	t.true(content.equals(await readRestored(fixture, third.id)), 'the file in two segments');
	t.true(readFileSync(log).equals(await readRestored(fixture, fourth.id)), 'the file in one');
});

test('a file whose beginning changed, that shrank, or whose beginning is short is one segment', async t => {
	const fixture = await createFixture(t);
	const {home, backup} = fixture;
	const grow = (name: string, content: Buffer): void => {
		writeFileSync(path.join(home, name), content);
	};

	const content = random.bytes(50_000);
	grow('changed', content);
	grow('shrunk', content);
	grow('short', content.subarray(0, 5000));
	grow('same', content);
	await backup();
	const changed = Buffer.concat([content, random.bytes(100)]);
	changed[49_999]! ^= 1;
	grow('changed', changed);
	grow('shrunk', content.subarray(0, 40_000));
	grow('short', content.subarray(0, 5100));
	grow('same', Buffer.from(content));
	const {id} = await backup();

	t.deepEqual(await lengthsOf(fixture, id, 'changed'), [50_100]);
	t.deepEqual(await lengthsOf(fixture, id, 'shrunk'), [40_000]);
	t.deepEqual(await lengthsOf(fixture, id, 'short'), [5100]);
	t.deepEqual(await lengthsOf(fixture, id, 'same'), [50_000]);
});
