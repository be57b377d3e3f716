import test, {type ExecutionContext} from 'ava';
import {defaultPriorityGroups} from '../../source/domain/priority-group.ts';
import type {Task} from '../../source/domain/task.ts';
import {Lanes, type TaskWork} from '../../source/runner/lanes.ts';
import {emptyOutcome, type TaskOutcome} from '../../source/runner/task-outcome.ts';
import {readTasks} from '../../source/runner/task-records.ts';
import {TaskTable} from '../../source/runner/task-table.ts';
import {openStore} from '../../source/state/open-store.ts';
import type {Store} from '../../source/state/store.ts';
import {systemClock} from '../../source/system/clock.ts';
import {temporaryFolder} from '../sandbox.ts';
import {newTask, uuidOf} from './new-task.ts';

const completed: TaskOutcome = {...emptyOutcome, state: 'completed', error: null};

type Bench = {
	readonly store: Store;
	readonly lanes: Lanes;
	readonly table: TaskTable;
	/** Names of the accounts whose tasks were begun, in order. */
	readonly begun: string[];
	/** Names of those whose results were saved. */
	readonly ended: readonly string[];
	/** Ends the work of an account's task. */
	finish(account: string): void;
	/** Resolves when the work of an account's task has begun. */
	whenBegun(account: string): Promise<TaskWork>;
	readonly idle: Promise<void>;
};

/** Real state and lanes around work that the test itself begins and ends. */
const setUp = async (t: ExecutionContext, tasks: readonly Task[], backupLanes = 1): Promise<Bench> => {
	const store = await openStore({directory: await temporaryFolder(t), isReadOnly: false, isCreating: true});
	const table = new TaskTable(() => undefined);
	const begun: string[] = [];
	const ended: string[] = [];
	const work = new Map<string, PromiseWithResolvers<TaskOutcome>>();
	const beginnings = new Map<string, PromiseWithResolvers<TaskWork>>();
	const idle = Promise.withResolvers<void>();
	const deferred = <Value>(map: Map<string, PromiseWithResolvers<Value>>, name: string): PromiseWithResolvers<Value> => {
		const entry = map.get(name) ?? Promise.withResolvers<Value>();
		map.set(name, entry);

		return entry;
	};

	for (const task of tasks) {
		await store.update('tasks', task.accountUuid!, draft => {
			draft.tasks.push(task);
		});
	}

	return {
		store,
		table,
		begun,
		ended,
		idle: idle.promise,
		finish(account) {
			deferred(work, account).resolve(completed);
		},
		whenBegun: async account => deferred(beginnings, account).promise,
		lanes: new Lanes({
			store,
			clock: systemClock,
			table,
			readRules: async () => ({groups: defaultPriorityGroups, subjects: new Map(), lanes: {backup: backupLanes, restore: 1}}),
			async carryOut({account}, options) {
				begun.push(account!);
				deferred(beginnings, account!).resolve(options);
				options.signal.addEventListener('abort', () => {
					deferred(work, account!).resolve({...completed, state: options.signal.reason as 'aborted'});
				});

				return deferred(work, account!).promise;
			},
			onEnded({account}) {
				ended.push(account!);
			},
			async record() {
				// Nobody reads it here.
			},
			async afterBackup() {
				// Nothing rotates here.
			},
			onBroken(error) {
				t.fail(String(error));
			},
			onIdle() {
				idle.resolve();
			},
		}),
	};
};

const load = async ({store, table, lanes}: Bench): Promise<void> => {
	table.put(await readTasks(store));
	await lanes.fill();
};

const statesOf = async (store: Store): Promise<Record<string, string>> => {
	const tasks = await readTasks(store);

	return Object.fromEntries(tasks.map(({account, state}) => [account!, state]));
};

test('one after another, in the order of the queue', async t => {
	const bench = await setUp(t, [newTask('a', {queuedAt: '2026-11-03T02:32:00.000Z'}), newTask('b', {queuedAt: '2026-11-03T02:31:00.000Z'}), newTask('c', {queuedAt: '2026-11-03T02:33:00.000Z'})]);
	await load(bench);

	for (const account of ['b', 'a', 'c']) {
		await bench.whenBegun(account);
		t.is(bench.begun.at(-1), account);
		bench.finish(account);
	}

	await bench.idle;
	t.deepEqual(await statesOf(bench.store), {a: 'completed', b: 'completed', c: 'completed'});
	t.deepEqual(bench.ended, ['b', 'a', 'c']);
	t.true(bench.lanes.isIdle);
});

test('as many at once as there are lanes, never two of one account', async t => {
	const bench = await setUp(t, [newTask('a'), newTask('b'), newTask('c', {accountUuid: uuidOf('a')}), newTask('d')], 3);
	await load(bench);
	await Promise.all([bench.whenBegun('a'), bench.whenBegun('b'), bench.whenBegun('d')]);
	t.deepEqual(bench.begun.toSorted(), ['a', 'b', 'd']);

	bench.finish('a');
	await bench.whenBegun('c');
	const tasks = await readTasks(bench.store);
	t.is(tasks.find(({account}) => account === 'a')?.state, 'completed', 'the first one was saved before the second one began');

	for (const account of ['b', 'c', 'd']) {
		bench.finish(account);
	}

	await bench.idle;
});

test('a running task that is aborted ends, and the next one is taken', async t => {
	const bench = await setUp(t, [newTask('a'), newTask('b')]);
	await load(bench);
	const {signal} = await bench.whenBegun('a');
	const {id} = newTask('a');

	t.true(bench.lanes.abort(id));
	t.true(signal.aborted);
	await bench.whenBegun('b');
	bench.finish('b');
	await bench.idle;
	t.deepEqual(await statesOf(bench.store), {a: 'aborted', b: 'completed'});
	t.false(bench.lanes.abort(id));
});

test('a task that was aborted in the state before its turn is not begun', async t => {
	const bench = await setUp(t, [newTask('a', {kind: 'restore'}), newTask('b')]);
	bench.table.put(await readTasks(bench.store));
	await bench.store.update('tasks', uuidOf('a'), draft => {
		draft.tasks = draft.tasks.map(task => ({...task, state: 'aborted'}));
	});
	await bench.lanes.fill();
	await bench.whenBegun('b');
	bench.finish('b');
	await bench.idle;

	t.deepEqual(bench.begun, ['b']);
	t.deepEqual(await statesOf(bench.store), {a: 'aborted', b: 'completed'});
});

test('told to end, it interrupts what runs and leaves what waits', async t => {
	const bench = await setUp(t, [newTask('a'), newTask('b')]);
	await load(bench);
	await bench.whenBegun('a');
	bench.lanes.stop();
	await bench.idle;

	t.deepEqual(bench.begun, ['a']);
	t.deepEqual(await statesOf(bench.store), {a: 'interrupted', b: 'pending'});
});
