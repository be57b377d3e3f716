import test from 'ava';
import {createBackups} from '../../source/actions/create-backups.ts';
import {waitForTask} from '../../source/actions/wait-for-tasks.ts';
import {recoverTasks} from '../../source/runner/recover.ts';
import {readTasks} from '../../source/runner/task-records.ts';
import {setUpServer} from '../set-up.ts';

test('a backup whose runner died right after it was finished is taken into the state', async t => {
	const server = await setUpServer(t);
	await server.write('alice', {'small.txt': 'small\n'});
	const {store, clock} = server.context;
	const [task] = await createBackups(server.context, {accounts: ['alice']});
	const ended = await waitForTask(server.context, task!.id);
	const account = task!.accountUuid!;
	const before = await store.read('backups', account);

	// As the state was before the results were saved: the manifest at the destination alone tells.
	await store.update('backups', account, draft => {
		draft.backups = [];
	});
	await store.update('tasks', account, draft => {
		draft.tasks = draft.tasks.map(saved => ({
			...saved, state: 'running', endedAt: null, items: [],
		}));
	});
	const log: string[] = [];
	const told: string[] = [];
	await recoverTasks({
		store, clock, log(text) {
			log.push(text);
		}, onEnded({state}) {
			told.push(state);
		},
	});

	const [recovered] = await readTasks(store, [account]);
	t.like(recovered, {state: 'completed', backup: ended.backup, error: null});
	t.deepEqual(recovered!.items, ended.items);
	const {backups} = await store.read('backups', account);
	t.is(backups.length, 1);
	t.deepEqual({...backups[0], storedBytes: 0}, {...before.backups[0], storedBytes: 0});
	t.is(log.length, 1);
	t.deepEqual(told, ['completed']);
});

test('without a manifest it was interrupted, and names no backup', async t => {
	const server = await setUpServer(t);
	const {store, clock} = server.context;
	const [task] = await createBackups(server.context, {accounts: ['alice']});
	await waitForTask(server.context, task!.id);

	await store.update('tasks', task!.accountUuid!, draft => {
		draft.tasks = draft.tasks.map(saved => ({
			...saved, state: 'running', endedAt: null, items: [], backup: 'neverfinished000',
		}));
	});
	await recoverTasks({
		store, clock, log: () => undefined, onEnded: () => undefined,
	});

	const [recovered] = await readTasks(store, [task!.accountUuid!]);
	t.like(recovered, {state: 'interrupted', backup: null, items: []});
	t.regex(recovered!.error!.message, /process that ran it died/v);
});
