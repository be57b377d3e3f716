import {rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {allAccounts, type Job} from '../../source/domain/job.ts';
import {isUnfinished} from '../../source/domain/task-state.ts';
import type {Task} from '../../source/domain/task.ts';
import {Scheduler} from '../../source/runner/scheduler.ts';
import {readTasks} from '../../source/runner/task-records.ts';
import {openStore} from '../../source/state/open-store.ts';
import type {Store} from '../../source/state/store.ts';
import {testMachine} from '../sandbox.ts';

const daily = {id: 'daily00000000000', when: 'daily@02:30', keep: 7};
const job: Job = {
	name: 'nightly',
	accounts: allAccounts,
	items: ['homedir'],
	structure: 'incremental',
	destination: 'destinationdesti',
	encrypted: false,
	enabled: true,
	schedules: [daily],
	excludes: [],
	manualRetain: 14,
};

type Bench = {
	readonly store: Store;
	readonly log: string[];
	/** Looks at the clock, which stands at that time, as a daemon that has just begun. */
	tick(time: string): Promise<string | undefined>;
	/** Ends what waits, as if it had been carried out. */
	finish(): Promise<void>;
	tasks(): Promise<readonly Task[]>;
};

const setUp = async (t: ExecutionContext): Promise<Bench> => {
	const machine = await testMachine(t, [{name: 'alice', uid: 5001}, {name: 'bob', uid: 5002, password: '!$6$x'}, {name: 'carol', uid: 5003}]);
	const store = await openStore({directory: machine.path('state'), isReadOnly: false, isCreating: true});
	const log: string[] = [];
	await store.update('settings', undefined, draft => {
		Object.assign(draft.values, machine.settings, {'schedules.timeZone': 'UTC', 'cleanup.when': 'daily@05:00', 'verify.when': 'none'});
	});
	await store.update('jobs', undefined, draft => {
		draft.jobs = [job];
	});

	return {
		store,
		log,
		async tick(time) {
			const known = await readTasks(store);
			const scheduler = new Scheduler({
				store, clock: {now: () => new Date(time)}, log(text) {
					log.push(text);
				}, unfinished: () => known.filter(({state}) => isUnfinished(state)),
			});
			const {wakeAt} = await scheduler.tick();

			return wakeAt?.toISOString();
		},
		async finish() {
			for (const key of await store.keys('tasks')) {
				await store.update('tasks', key, draft => {
					draft.tasks = draft.tasks.map(task => ({...task, state: 'completed', endedAt: task.endedAt ?? task.queuedAt}));
				});
			}
		},
		tasks: async () => readTasks(store),
	};
};

test('a due schedule queues a backup of each account, for that schedule', async t => {
	const bench = await setUp(t);
	t.is(await bench.tick('2026-11-20T12:00:00.000Z'), '2026-11-21T02:30:00.000Z');
	t.deepEqual(await bench.tasks(), []);
	t.is(await bench.tick('2026-11-21T02:30:00.000Z'), '2026-11-21T05:00:00.000Z');
	const tasks = await bench.tasks();

	t.deepEqual(tasks.map(({account, state, requestedBy}) => `${account!} ${state} ${requestedBy}`).toSorted(), ['alice pending scheduler', 'bob pending scheduler', 'carol pending scheduler']);
	t.true(tasks.every(({request}) => request.kind === 'backup' && request.backupKind === 'scheduled' && request.job === 'nightly' && request.schedules.join(' ') === daily.id));
	t.deepEqual(bench.log, ['nightly runs for daily@02:30 keep 7: 3 accounts.']);
});

test('what is not over is not stacked, also over several days and new daemons', async t => {
	const bench = await setUp(t);
	await bench.tick('2026-11-20T12:00:00.000Z');
	await bench.tick('2026-11-21T02:31:00.000Z');
	await bench.tick('2026-11-22T02:31:00.000Z');
	await bench.tick('2026-11-23T02:31:00.000Z');
	const waiting = await bench.tasks();
	t.is(waiting.filter(({kind}) => kind === 'backup').length, 3);
	t.is(waiting.filter(({kind}) => kind === 'cleanup').length, 1, 'nor are cleanups');
	await bench.finish();
	await bench.tick('2026-11-23T03:00:00.000Z');
	const after = await bench.tasks();
	t.is(after.filter(({kind}) => kind === 'backup').length, 6, 'once, for both that came due meanwhile');
});

test('each day the next share of what is stored is read again, and once in all of them everything', async t => {
	const bench = await setUp(t);
	await bench.store.update('settings', undefined, draft => {
		Object.assign(draft.values, {'cleanup.when': 'none', 'verify.when': 'daily@06:30', 'verify.days': 3});
	});
	await bench.tick('2026-11-20T12:00:00.000Z');
	const shares: unknown[] = [];

	for (const day of ['21', '22', '23']) {
		await bench.tick(`2026-11-${day}T06:31:00.000Z`);
		const tasks = await bench.tasks();
		const [task, ...others] = tasks.filter(({kind, state}) => kind === 'verify' && isUnfinished(state));
		t.deepEqual(others, []);
		t.like(task, {requestedBy: 'scheduler', request: {kind: 'verify', backup: null, isDataRead: true}});
		shares.push(task?.request.kind === 'verify' ? task.request.share : undefined);
		await bench.finish();
	}

	t.deepEqual(new Set(shares), new Set([0, 1, 2].map(number => ({number, of: 3}))));
});

test('a server that was off for weeks makes up for it once', async t => {
	const bench = await setUp(t);
	await bench.tick('2026-11-20T12:00:00.000Z');
	await bench.tick('2026-12-24T18:00:00.000Z');
	await bench.finish();
	await bench.tick('2026-12-24T18:01:00.000Z');
	const tasks = await bench.tasks();
	t.is(tasks.filter(({kind}) => kind === 'backup').length, 3);
});

test('a damaged memory of the clock, or of downloads, keeps no job from its run, and is told', async t => {
	const {store, log, tick, finish, tasks} = await setUp(t);
	await tick('2026-11-20T12:00:00.000Z');

	for (const [name, day] of [['clock', '21'], ['downloads', '22']] as const) {
		await writeFile(join(store.directory, `${name}.json`), '{');
		await tick(`2026-11-${day}T02:30:00.000Z`);
		const queued = await tasks();
		t.true(queued.some(({queuedAt}) => queuedAt.startsWith(`2026-11-${day}`)));
		t.true(log.some(line => line.startsWith(`What has expired is not removed: The state file ${name}.json is damaged`)), log.join('\n'));
		await rm(join(store.directory, `${name}.json`));
		await rm(join(store.directory, '.bak'), {recursive: true});
		await finish();
	}
});

test('what was changed in the state while it looked stays', async t => {
	const bench = await setUp(t);
	await bench.tick('2026-11-20T12:00:00.000Z');
	await bench.store.update('scheduler', undefined, draft => {
		draft.runs = [{job: 'nightly', startedAt: '2026-11-20T13:00:00.000Z', endedAt: null}];
	});
	await bench.tick('2026-11-20T14:00:00.000Z');
	const {runs, schedules} = await bench.store.read('scheduler');
	t.deepEqual(runs, [{job: 'nightly', startedAt: '2026-11-20T13:00:00.000Z', endedAt: '2026-11-20T14:00:00.000Z'}]);
	t.is(schedules.find(({id}) => id === daily.id)?.coveredUntil, '2026-11-20T12:00:00.000Z');
});

test('an account that wants no such backups is left out, and told', async t => {
	const bench = await setUp(t);
	await bench.tick('2026-11-20T12:00:00.000Z');
	await bench.tick('2026-11-21T02:30:00.000Z');
	await bench.finish();
	await bench.store.update('accounts', undefined, draft => {
		draft.identities = draft.identities.map(identity => identity.name === 'carol' ? {...identity, encryption: {preference: 'encrypted-only', key: 'none'}} : identity);
	});
	await bench.tick('2026-11-22T02:30:00.000Z');
	t.deepEqual(bench.log.slice(-2), ['nightly runs for daily@02:30 keep 7: 2 accounts.', 'nightly leaves out carol, which wants encrypted backups only.']);
});
