import {
	mkdir,
	readFile,
	readdir,
	stat,
	writeFile,
} from 'node:fs/promises';
import {join} from 'node:path';
import process from 'node:process';
import test from 'ava';
import {UserError} from '../../source/errors.ts';
import {openStore} from '../../source/state/open-store.ts';
import {writeDurably} from '../../source/system/durable-file.ts';
import {runProgram, temporaryFolder} from '../sandbox.ts';

const isRoot = process.geteuid!() === 0;

test('the new content takes the place of the old one, with the mode asked for', async t => {
	const folder = await temporaryFolder(t);
	const path = join(folder, 'file');
	await writeFile(path, 'old', {mode: 0o644});
	await writeFile(join(folder, '.file.new'), 'left by a killed writer');
	await writeDurably(path, 'new', {mode: 0o600});
	const {mode} = await stat(path);

	t.is(await readFile(path, 'utf8'), 'new');
	t.is(mode & 0o777, 0o600);
	t.deepEqual(await readdir(folder), ['file']);
});

test('what fails before the rename leaves the old content alone', async t => {
	const folder = await temporaryFolder(t);
	const path = join(folder, 'file');
	await writeFile(path, 'old');

	await t.throwsAsync(writeDurably(path, 'new', {
		mode: 0o600, async beforeRename() {
			throw new Error('no');
		},
	}), {message: 'no'});
	t.is(await readFile(path, 'utf8'), 'old');
	t.deepEqual(await readdir(folder), ['file']);
});

(isRoot ? test : test.skip)('a full disk is told, and the state stays as it was', async t => {
	const disk = join(await temporaryFolder(t), 'disk');
	await mkdir(disk);
	const {code, stderr} = await runProgram('mount', '-t', 'tmpfs', '-o', 'size=256k,mode=0700', 'tmpfs', disk);
	t.is(code, 0, stderr);
	t.teardown(async () => {
		await runProgram('umount', disk);
	});
	const store = await openStore({directory: join(disk, 'state'), isReadOnly: false, isCreating: true});
	await store.update('settings', undefined, draft => {
		draft.values.kept = 1;
	});

	const error = await t.throwsAsync<UserError>(store.update('settings', undefined, draft => {
		draft.values.big = 'x'.repeat(1024 * 1024);
	}), {instanceOf: UserError});

	t.is(error.code, 'failed');
	t.regex(error.message, /settings\.json could not be written: .*ENOSPC/v);
	t.deepEqual(await store.read('settings'), {values: {kept: 1}});
	const other = await openStore({directory: join(disk, 'state'), isReadOnly: false});
	await other.update('settings', undefined, draft => {
		draft.values.kept = 2;
	});
	t.deepEqual(await store.read('settings'), {values: {kept: 2}});
});
