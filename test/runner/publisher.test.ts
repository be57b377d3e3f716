import {setImmediate as nextTurn} from 'node:timers/promises';
import test from 'ava';
import {type TaskView, noProgress} from '../../source/domain/task-view.ts';
import {Publisher} from '../../source/runner/publisher.ts';
import type {RunnerReply} from '../../source/runner/protocol.ts';
import {Watcher} from '../../source/runner/watcher.ts';
import {newTask} from './new-task.ts';

const view = (account: string, changes: Partial<TaskView> = {}): TaskView => ({
	...newTask(account), priority: 50, progress: noProgress, waitReason: null, ...changes,
});

test('progress is told at most four times a second, a beginning or an end at once', async t => {
	const times: number[] = [];
	const told = Promise.withResolvers<void>();
	const publisher = new Publisher(async () => [], error => {
		t.fail(String(error));
	});
	publisher.add({
		isReady: () => true,
		update() {
			times.push(performance.now());

			if (times.length === 4) {
				told.resolve();
			}
		},
	});
	await nextTurn();
	t.is(times.length, 1, 'who begins to watch is told all');

	for (let index = 0; index < 1000; index++) {
		publisher.changed('progress');
	}

	await nextTurn();
	t.is(times.length, 1);
	publisher.changed('tasks');
	await nextTurn();
	t.is(times.length, 2);

	const timer = setInterval(() => {
		publisher.changed('progress');
	}, 1);
	await told.promise;
	clearInterval(timer);
	t.true(times[3]! - times[2]! >= 240, String(times));
});

test('a watcher is sent what changed since it was last sent something', t => {
	const replies: RunnerReply[] = [];
	const watcher = new Watcher(reply => {
		replies.push(reply);
	});
	const [a, b] = [view('a'), view('b', {waitReason: 'waits'})];

	t.true(watcher.update([a, b]));
	t.true(watcher.update([{...a}, {...b}]));
	const running = view('a', {state: 'running', progress: {...noProgress, bytesDone: 1}});
	t.true(watcher.update([running, b]));
	t.true(watcher.update([running, {...b, waitReason: 'waits for something else'}]));
	t.true(watcher.update([view('a', {state: 'completed'}), b]));

	t.deepEqual(replies.map(reply => reply.type === 'tasks' && [reply.isWhole, reply.tasks.map(({account, state}) => `${account!} ${state}`)]), [
		[true, ['a pending', 'b pending']],
		[false, ['a running']],
		[false, ['b pending']],
		[false, ['a completed', 'b pending']],
	]);
	t.true(watcher.update([b]), 'a finished task may be forgotten');
	t.false(watcher.update([]), 'but not one whose end was not told');
});
