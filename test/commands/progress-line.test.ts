import test from 'ava';
import {describeProgress, describeTasks, fitProgress} from '../../source/commands/progress-line.ts';
import {noProgress, type TaskView} from '../../source/domain/task-view.ts';
import type {TaskProgress} from '../../source/domain/task.ts';
import {newTask} from '../runner/new-task.ts';

const view = (progress: Partial<TaskProgress>, changes: Partial<TaskView> = {}): TaskView => ({
	...newTask('alice'), priority: 50, waitReason: null, progress: {...noProgress, ...progress}, ...changes,
});

const reads = test.macro({
	exec(t, progress: Partial<TaskProgress>, bytesPerSecond: number, expected: string) {
		t.is(describeProgress(view(progress), {bytesPerSecond, elapsedSeconds: 1}), expected);
	},
	title: (_, _progress: Partial<TaskProgress>, _rate: number, expected: string) => expected,
});

test(reads, {}, 0, '0 B · 0 files');
test(reads, {bytesDone: 5_000_000, filesDone: 1}, 0, '5.0 MB · 1 file');
test(reads, {bytesDone: 1_000_000_000, bytesTotal: 4_000_000_000, filesDone: 1234}, 100_000_000, '25 %  1.0 GB of 4.0 GB · 1,234 files · 100 MB/s · 30 s left');
test(reads, {bytesDone: 40, bytesTotal: 20, filesDone: 3}, 0, '100 %  40 B of 40 B · 3 files');

test('one of several tasks is counted', t => {
	const tasks = [view({}, {endedAt: '2026-11-03T02:30:00.000Z'}), view({}), view({})];

	t.is(describeTasks(tasks, tasks[1]!), 'backup of alice (2 of 3)');
	t.is(describeTasks([tasks[1]!], tasks[1]!), 'backup of alice');
});

test('a line fits its terminal, with a bar where there is room', t => {
	const task = view({bytesDone: 1_000_000_000, bytesTotal: 4_000_000_000, filesDone: 123_456});
	const pace = {bytesPerSecond: 100_000_000, elapsedSeconds: 1};

	t.is(fitProgress([task], task, {pace, width: 119}), 'backup of alice  [#####               ] 25 %  1.0 GB of 4.0 GB · 123,456 files · 100 MB/s · 30 s left');
	t.is(fitProgress([task], task, {pace, width: 79}), 'backup of alice  25 %  1.0 GB of 4.0 GB · 123,456 files · 100 MB/s · 30 s left');
	t.is(fitProgress([task], task, {pace, width: 40}).length, 40);
});
