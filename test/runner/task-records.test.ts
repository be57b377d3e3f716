import test from 'ava';
import {archiveTasks, forgetOldTasks, readTasks} from '../../source/runner/task-records.ts';
import {openStore} from '../../source/state/open-store.ts';
import {temporaryFolder} from '../sandbox.ts';
import {newTask, uuidOf} from './new-task.ts';

const day = (number: number): string => String(number).padStart(2, '0');

test('finished tasks beyond the newest few move to the archive of their month', async t => {
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
	const {tasks: october} = await store.read('finished-tasks', '2026-10');
	const {tasks: november} = await store.read('finished-tasks', '2026-11');
	t.deepEqual(october.map(({id}) => id).toSorted(), finished.slice(0, 2).map(({id}) => id));
	t.deepEqual(november.map(({id}) => id).toSorted(), finished.slice(2, 4).map(({id}) => id));
	t.is(november[0]?.findings.length, 100);
});

test('archived tasks are forgotten after queue.logDays', async t => {
	const store = await openStore({directory: await temporaryFolder(t), isReadOnly: false, isCreating: true});
	const ended = (id: string, endedAt: string): ReturnType<typeof newTask> => newTask('alice', {id: id.padStart(16, '0'), state: 'completed', endedAt});

	await store.update('finished-tasks', '2026-08', draft => {
		draft.tasks = [ended('old', '2026-08-20T03:00:00.000Z'), ended('young', '2026-08-30T03:00:00.000Z')];
	});
	await store.update('finished-tasks', '2026-11', draft => {
		draft.tasks = [ended('new', '2026-11-20T03:00:00.000Z')];
	});
	await forgetOldTasks(store, new Date('2026-11-22T03:00:00.000Z'));
	const {tasks: august} = await store.read('finished-tasks', '2026-08');
	const {tasks: november} = await store.read('finished-tasks', '2026-11');

	t.deepEqual(august.map(({id}) => id), ['young'.padStart(16, '0')]);
	t.is(november.length, 1);
});

test('a task that was run again and archived again is there once, as it is now', async t => {
	const store = await openStore({directory: await temporaryFolder(t), isReadOnly: false, isCreating: true});
	const finished = Array.from({length: 6}, (_, index) => newTask('alice', {
		id: `finished${index}`.padStart(16, '0'), state: 'completed', endedAt: `2026-11-${day(index + 1)}T03:00:00.000Z`,
	}));

	await store.update('finished-tasks', '2026-11', draft => {
		draft.tasks = [{...finished[0]!, state: 'failed'}];
	});
	await store.update('tasks', uuidOf('alice'), draft => {
		draft.tasks = [...finished];
	});
	await archiveTasks(store, [uuidOf('alice')]);

	const {tasks} = await store.read('finished-tasks', '2026-11');
	t.deepEqual(tasks.map(({id, state}) => [id, state]), [[finished[0]!.id, 'completed']]);
});
