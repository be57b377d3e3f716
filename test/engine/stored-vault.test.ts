/** A vault that was made when the format was fixed lies beside the tests: what was stored once is restored by every later version. `test/engine/stored-vault/` must never be made anew. */
import {Buffer} from 'node:buffer';
import {
	cpSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	statSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import test from 'ava';
import {createFixture} from './fixture.ts';

const stored = path.join(process.cwd(), 'test', 'engine', 'stored-vault');

for (const [id, large] of [['stored0000000001', 'first '], ['stored0000000002', 'second ']] as const) {
	test(`${id} comes back as it was stored`, async t => {
		const {folder, vault, engine, restoreRequest} = await createFixture(t);
		const copy = {...vault, folder: path.join(folder, 'stored'), id: 'stored-vault'};
		cpSync(stored, copy.folder, {recursive: true});
		const target = path.join(folder, 'target');
		const backups = [{accountUuid: 'account-1', backupId: id}];
		t.like(await engine.verify({
			vault: copy, backups, isDataRead: true, threads: 1,
		}), {damaged: [], intact: [{backupId: id, status: 'complete'}]});

		const {status, findings} = await engine.restoreTree({...restoreRequest(id, target), vault: copy});
		t.is(status, 'complete', JSON.stringify(findings));
		t.deepEqual(readdirSync(target, {encoding: 'utf8', recursive: true}).toSorted(), ['empty', 'hello.txt', 'link', 'sub', 'sub/hard link', 'sub/large']);
		t.is(readFileSync(path.join(target, 'hello.txt'), 'utf8'), 'Hello from the day the format was fixed.\n');
		t.true(readFileSync(path.join(target, 'sub', 'large')).equals(Buffer.alloc(700_000, large)));
		t.is(readlinkSync(path.join(target, 'link')), 'sub/large');
		t.is(statSync(path.join(target, 'hello.txt')).ino, statSync(path.join(target, 'sub', 'hard link')).ino);
		t.is(statSync(path.join(target, 'hello.txt')).mtimeMs, 1_000_000_000_500);
		t.is(statSync(path.join(target, 'hello.txt')).mode & 0o7777, 0o640);
	});
}
