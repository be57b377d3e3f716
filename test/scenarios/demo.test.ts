import {stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {acquireLock} from '../../source/system/lock.ts';
import {temporaryFolder} from '../sandbox.ts';
import {runLine} from '../run-line.ts';
import {type BackupDocument, type TaskDocument} from '../set-up.ts';

type Line = readonly string[];
type Made = {readonly directory: string; readonly stateDirectory: string; readonly accounts: readonly string[]; readonly isNew: boolean};

const json = async <Document>(...line: Line): Promise<Document> => {
	const {code, stdout, stderr} = await runLine(...line, '--json');

	if (code !== 0) {
		throw new Error(`${line.join(' ')} ended with ${code}: ${stdout}${stderr}`);
	}

	return JSON.parse(stdout) as Document;
};

test('the sandbox has accounts, a history that can be restored, an orphan, and a name that was made again', async t => {
	const directory = join(await temporaryFolder(t), 'sandbox');
	const made = await json<Made>('demo', directory);
	t.like(made, {directory, isNew: true});
	const state = ['--state', made.stateDirectory];
	// A runner that still works would find its folder gone.
	t.teardown(async () => {
		const lock = await acquireLock(join(made.stateDirectory, 'runner.lock'), {waitMs: 20_000, purpose: 'the end of a test'});
		lock.release();
	});

	const {accounts} = await json<{accounts: Array<Record<string, unknown>>}>(...state, 'account', 'list');
	t.deepEqual(accounts.map(({name, status}) => [name, status]), [
		['alice', 'active'], ['bob', 'suspended'], ['carol', 'active'], ['dave', 'active'], ['erin', 'active'], ['grace', 'active'], ['olga', 'active'],
	]);
	t.deepEqual(accounts.map(({type}) => type), ['user', 'user', 'reseller', 'user', 'user', 'user', 'administrator']);
	t.deepEqual(accounts.find(({name}) => name === 'alice')?.tags, ['vip', 'shop']);

	const {orphans} = await json<{orphans: Array<Record<string, unknown>>}>(...state, 'orphan', 'list');
	t.deepEqual(new Set(orphans.map(({name}) => name)), new Set(['frank', 'grace']));
	const {backups} = await json<{backups: BackupDocument[]}>(...state, 'backup', 'list', 'alice');
	t.true(backups.length >= 4);
	t.true(backups.every(({status}) => status === 'complete'));
	const parts = backups[0]!.items.filter(({parts: each}) => each.length > 0).map(({name}) => name);
	t.deepEqual(parts.toSorted(), ['certificates', 'config', 'cron', 'emails', 'ftp', 'zones']);
	const ages = backups.map(({createdAt}) => Date.now() - Date.parse(createdAt));
	t.deepEqual(ages, ages.toSorted((left, right) => left - right));
	t.true(ages.at(-1)! > 10 * 86_400_000);

	const restored = await json<TaskDocument>(...state, 'restore', backups.at(-1)!.id, '--item', 'homedir', '--item', 'certificates', '--item', 'emails', '--item', 'ftp', '--yes');
	t.is(restored.state, 'completed');
	await t.notThrowsAsync(stat(join(directory, 'home/alice/public_html/wp-includes/rest')));
});

test('it is opened again where it was made, and never made over something else', async t => {
	const directory = await temporaryFolder(t);
	await writeFile(join(directory, 'precious.txt'), 'mine\n');
	const refused = await runLine('demo', directory);
	t.is(refused.code, 4);
	t.regex(refused.stderr, /is not empty/v);

	const made = await json<Made>('demo', join(directory, 'new'));
	const again = await json<Made>('demo', join(directory, 'new'));
	t.deepEqual(again, {...made, isNew: false});
});
