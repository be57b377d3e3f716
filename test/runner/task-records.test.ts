import test from 'ava';
import {archiveTasks, forgetOldTasks, readTasks} from '../../source/runner/task-records.ts';
import {openStore} from '../../source/state/open-store.ts';
import {temporaryFolder} from '../sandbox.ts';
import {newTask, uuidOf} from './new-task.ts';

const day = (number: number): string => String(number).padStart(2, '0');

test('finished tasks beyond the newest few move to the archive of their day', async t => {
	const store = await openStore({directory: await temporaryFolder(t), isReadOnly: false, isCreating: true});
	const finished = Array.from({length: 9}, (_, index) => newTask('alice', {
		id: `finished${day(index)}`.padStart(16, '0'),
		state: 'completed',
		endedAt: index < 2 ? `2026-10-${day(index + 1)}T03:00:00.000Z` : `2026-11-${day(index + 1)}T03:00:00.000Z`,
		findings: Array.from({length: 300}, () => ({level: 'note', path: 'x', message: 'y'})),
	}));
	const waiting = newTask('alice', {id: 'waiting'.padStart(16, '0')});
	await store.update('tasks', uuidOf('alice'), draft => {
		draft.tasks = [waiting, ...finished];
	});

	await archiveTasks(store, [uuidOf('alice')]);
	const kept = await readTasks(store);
	t.deepEqual(kept.map(({id}) => id).toSorted(), [waiting, ...finished.slice(4)].map(({id}) => id).toSorted());
	t.deepEqual((await store.keys('finished-tasks')).toSorted(), ['2026-10-01', '2026-10-02', '2026-11-03', '2026-11-04']); // eslint-disable-line unicorn/no-await-expression-member
	const {tasks: first} = await store.read('finished-tasks', '2026-10-01');
	const {tasks: last} = await store.read('finished-tasks', '2026-11-04');
	t.deepEqual([...first, ...last].map(({id}) => id), [finished[0]!.id, finished[3]!.id]);
	t.is(first[0]?.findings.length, 100);
});

test('archived tasks are forgotten after queue.logDays', async t => {
	const store = await openStore({directory: await temporaryFolder(t), isReadOnly: false, isCreating: true});
	const ended = (id: string, endedAt: string): ReturnType<typeof newTask> => newTask('alice', {id: id.padStart(16, '0'), state: 'completed', endedAt});

	await store.update('finished-tasks', '2026-08', draft => {
		draft.tasks = [ended('old', '2026-08-20T03:00:00.000Z'), ended('young', '2026-08-30T03:00:00.000Z')];
	});
	await store.update('finished-tasks', '2026-11-20', draft => {
		draft.tasks = [ended('new', '2026-11-20T03:00:00.000Z')];
	});

	// Twice, so that it has a copy.
	for (const id of ['gone', 'gone too']) {
		await store.update('finished-tasks', '2026-08-19', draft => {
			draft.tasks = [ended(id.replace(' ', ''), '2026-08-19T03:00:00.000Z')];
		});
	}

	await forgetOldTasks(store, new Date('2026-11-22T03:00:00.000Z'));
	const {tasks: august} = await store.read('finished-tasks', '2026-08');
	const {tasks: november} = await store.read('finished-tasks', '2026-11-20');

	t.deepEqual((await store.keys('finished-tasks')).toSorted(), ['2026-08', '2026-11-20']); // eslint-disable-line unicorn/no-await-expression-member
	t.deepEqual(await store.read('finished-tasks', '2026-08-19'), {tasks: []});
	t.deepEqual(august.map(({id}) => id), ['young'.padStart(16, '0')]);
	t.is(november.length, 1);
});

test('a task that was run again and archived again is there once, as it is now', async t => {
	const store = await openStore({directory: await temporaryFolder(t), isReadOnly: false, isCreating: true});
	const finished = Array.from({length: 6}, (_, index) => newTask('alice', {
		id: `finished${index}`.padStart(16, '0'), state: 'completed', endedAt: `2026-11-${day(index + 1)}T03:00:00.000Z`,
	}));

	await store.update('finished-tasks', '2026-11-01', draft => {
		draft.tasks = [{...finished[0]!, state: 'failed'}];
	});
	await store.update('tasks', uuidOf('alice'), draft => {
		draft.tasks = [...finished];
	});
	await archiveTasks(store, [uuidOf('alice')]);

	const {tasks} = await store.read('finished-tasks', '2026-11-01');
	t.deepEqual(tasks.map(({id, state}) => [id, state]), [[finished[0]!.id, 'completed']]);
});
