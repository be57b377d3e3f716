import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {closeSync, openSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import process from 'node:process';
import test from 'ava';
import {UserError} from '../../source/errors.ts';
import {isLockedByProgram} from '../../source/system/flock-program.ts';
import {acquireLock} from '../../source/system/lock.ts';
import {temporaryFolder} from '../sandbox.ts';

test('only one holds a lock, and who waits is told who', async t => {
	const path = join(await temporaryFolder(t), 'lock');
	const lock = await acquireLock(path, {waitMs: 0, purpose: 'testing'});
	const error = await t.throwsAsync<UserError>(acquireLock(path, {waitMs: 0, purpose: 'testing too'}), {instanceOf: UserError});

	t.is(error.code, 'busy');
	t.regex(error.message, new RegExp(String.raw`process ${process.pid} \(testing\)`, 'v'));
	lock.release();
	const next = await acquireLock(path, {waitMs: 0, purpose: 'testing too'});
	t.regex(await readFile(path, 'utf8'), /testing too/v);
	next.release();
});

test('who waits gets it when it is free', async t => {
	const path = join(await temporaryFolder(t), 'lock');
	const lock = await acquireLock(path, {waitMs: 0, purpose: 'first'});
	const order: string[] = [];
	const second = (async () => {
		const waited = await acquireLock(path, {waitMs: 60_000, purpose: 'second'});
		order.push('second');
		waited.release();
	})();

	await new Promise(resolve => {
		setImmediate(resolve);
	});
	order.push('first');
	lock.release();
	await second;
	t.deepEqual(order, ['first', 'second']);
});

test('a killed process holds it no more', async t => {
	const path = join(await temporaryFolder(t), 'lock');
	const script = `import {acquireLock} from '${new URL('../../source/system/lock.js', import.meta.url).href}'; await acquireLock('${path}', {waitMs: 0, purpose: 'dying'}); console.log('locked'); setInterval(() => {}, 1000);`;
	const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {stdio: ['ignore', 'pipe', 'inherit']});

	await once(child.stdout, 'data');
	await t.throwsAsync(acquireLock(path, {waitMs: 0, purpose: 'early'}), {message: /dying/v});
	child.kill('SIGKILL');
	await once(child, 'exit');
	const lock = await acquireLock(path, {waitMs: 0, purpose: 'late'});
	t.regex(await readFile(path, 'utf8'), /late/v);
	lock.release();
});

test('the program locks the same as the system call', async t => {
	const path = join(await temporaryFolder(t), 'lock');
	const lock = await acquireLock(path, {waitMs: 0, purpose: 'testing'});
	const descriptor = openSync(path, 'r+');
	t.teardown(() => {
		closeSync(descriptor);
	});

	t.false(isLockedByProgram(descriptor));
	lock.release();
	t.true(isLockedByProgram(descriptor));
	await t.throwsAsync(acquireLock(path, {waitMs: 0, purpose: 'late'}), {instanceOf: UserError});
});
