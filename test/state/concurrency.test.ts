import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import process from 'node:process';
import test from 'ava';
import {defaultAccountSettings} from '../../source/domain/account.ts';
import {openStore} from '../../source/state/open-store.ts';
import {runProgram, temporaryFolder} from '../sandbox.ts';

const uuid = '0f6b1c9e-6c0a-4b0e-9c1f-2f3a4b5c6d7e';
/** With torture: about a minute of both. */
const rounds = process.env.HOLDFAST_TORTURE === undefined ? 40 : 1000;

test('two processes that change accounts, tasks and settings at once lose no update', async t => {
	const directory = join(await temporaryFolder(t), 'state');
	const store = await openStore({directory, isReadOnly: false, isCreating: true});
	const now = new Date().toISOString();
	await store.update('accounts', undefined, draft => {
		draft.identities.push({
			...defaultAccountSettings, uuid, name: 'alice', uid: 1001, gid: 1001, home: '/home/alice', homeInode: null, homeBirthNs: null, firstSeenAt: now, lastSeenAt: now, inactiveSince: null, hadBackupAt: null, status: 'active',
		});
	});

	const names = ['one', 'two'];
	const writers = names.map(async name => runProgram(process.execPath, join(import.meta.dirname, 'concurrent-writer.js'), directory, uuid, name, String(rounds)));
	const finished = Promise.all(writers);
	const done = new AbortController();
	const watching = (async () => {
		try {
			await finished;
		} finally {
			done.abort();
		}
	})();

	// Who reads meanwhile never sees half a file, nor anything go backwards.
	let seen = 0;

	while (!done.signal.aborted) {
		const {values} = await store.read('settings');
		t.true(Number(values.total ?? 0) >= seen);
		seen = Number(values.total ?? 0);
		JSON.parse(await readFile(join(directory, 'accounts.json'), 'utf8'));
	}

	await watching;
	const {values} = await store.read('settings');
	const {identities} = await store.read('accounts');
	const {tasks} = await store.read('tasks', uuid);

	t.deepEqual(values, {total: 2 * rounds, one: rounds, two: rounds});
	t.deepEqual(identities[0]!.tags.toSorted(), names.flatMap(name => Array.from({length: rounds}, (_, round) => `${name}-${round}`)).toSorted());
	t.is(tasks.length, 2 * rounds);

	for (const name of names) {
		t.is(tasks.filter(({account}) => account === name).length, rounds);
	}
});
