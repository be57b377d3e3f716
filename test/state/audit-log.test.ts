/* eslint-disable unicorn/no-await-expression-member -- a result is looked at once */
import {appendFile, readFile, stat} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {describeInput, type AuditEntry} from '../../source/domain/audit.ts';
import {appendAudit, listAuditFiles, readAuditFile} from '../../source/state/audit-log.ts';
import {temporaryFolder} from '../sandbox.ts';

const entry = (target: string): AuditEntry => ({
	at: '2026-06-15T12:00:00.000Z', user: 'root', action: 'createTag', target, fields: [], result: 'done',
});

test('lines are added, rotated and read in their order', async t => {
	const folder = await temporaryFolder(t);
	const names = Array.from({length: 12}, (_, index) => `tag ${index}`);

	for (const name of names) {
		await appendAudit(folder, entry(name), {rotateAt: 500});
	}

	const files = await listAuditFiles(folder);
	const lines = await Promise.all(files.map(async file => readAuditFile(file)));
	t.true(files.length > 2);
	t.deepEqual(lines.flat().map(line => line?.target), names);
	t.is((await stat(files[0]!)).mode & 0o777, 0o600);
});

test('processes and calls at the same time lose nothing', async t => {
	const folder = await temporaryFolder(t);
	await Promise.all(Array.from({length: 20}, async (_, index) => appendAudit(folder, entry(String(index)))));
	const [file] = await listAuditFiles(folder);
	const lines = await readAuditFile(file!);
	t.is(new Set(lines.map(line => line?.target)).size, 20);
});

test('a line that was cut off spoils no other', async t => {
	const folder = await temporaryFolder(t);
	await appendAudit(folder, entry('first'));
	await appendFile(join(folder, 'audit', 'audit.jsonl'), '{"at": "2026');
	await appendAudit(folder, entry('second'));
	const [file] = await listAuditFiles(folder);
	t.deepEqual((await readAuditFile(file!)).map(line => line?.target), ['first', undefined, 'second']);
	t.true((await readFile(file!, 'utf8')).endsWith('\n'));
});

test('secrets are not told', t => {
	t.deepEqual(describeInput([{name: 'carol', password: 'geheim', email: undefined}]), {target: 'carol', fields: ['name', 'password']});
	t.deepEqual(describeInput(['carol', {oldPassword: 'geheim'}]), {target: 'carol', fields: ['oldPassword']});
});
