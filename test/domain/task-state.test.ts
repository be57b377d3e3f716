import test from 'ava';
import type {ItemResult, ItemStatus} from '../../source/domain/item.ts';
import {decideTaskState, exitCodeOfTask, exitCodeOfTasks} from '../../source/domain/task-state.ts';
import type {TaskState} from '../../source/domain/task.ts';

const item = (status: ItemStatus, ...parts: readonly ItemStatus[]): ItemResult => ({
	name: 'homedir',
	status,
	parts: parts.map((partStatus, index) => ({
		name: `part${index}`, status: partStatus, sizeBytes: 0, error: null,
	})),
	sizeBytes: 0,
	fileCount: 0,
	error: null,
});

const decides = test.macro({
	exec(t, items: readonly ItemResult[], expected: TaskState) {
		t.is(decideTaskState(items), expected);
	},
	title: (_, items: readonly ItemResult[], expected: TaskState) => `${items.map(({status, parts}) => `${status}(${parts.map(part => part.status).join(' ')})`).join(' + ')} is ${expected}`,
});

test(decides, [], 'failed');
test(decides, [item('complete')], 'completed');
test(decides, [item('complete'), item('absent'), item('skipped')], 'completed');
test(decides, [item('absent')], 'completed');
test(decides, [item('partial')], 'partial');
test(decides, [item('complete'), item('failed')], 'partial');
test(decides, [item('failed'), item('absent')], 'failed');
test(decides, [item('failed')], 'failed');
test(decides, [item('complete', 'complete', 'failed')], 'partial');

type Ended = {readonly state: TaskState; readonly error: {readonly code: string; readonly message: string; readonly hint: null} | null};

const ended = (state: TaskState, code?: string): Ended => ({state, error: code === undefined ? null : {code, message: 'It did.', hint: null}});

const ends = test.macro({
	exec(t, task: Ended, expected: number) {
		t.is(exitCodeOfTask(task), expected);
		t.is(exitCodeOfTasks([task]), expected);
	},
	title: (_, {state, error}: Ended, expected: number) => `${state} ${error?.code ?? ''} ends with ${expected}`,
});

test(ends, ended('completed'), 0);
test(ends, ended('partial'), 3);
test(ends, ended('partial', 'failed'), 3);
test(ends, ended('partial', 'damaged'), 7);
test(ends, ended('failed', 'failed'), 1);
test(ends, ended('failed'), 1);
test(ends, ended('failed', 'damaged'), 7);
test(ends, ended('failed', 'busy'), 6);
test(ends, ended('failed', 'key'), 8);
test(ends, ended('failed', 'a code of a later version'), 1);
test(ends, ended('aborted', 'interrupted'), 130);
test(ends, ended('interrupted', 'interrupted'), 130);

const endTogether = test.macro({
	exec(t, tasks: readonly Ended[], expected: number) {
		t.is(exitCodeOfTasks(tasks), expected);
	},
	title: (_, tasks: readonly Ended[], expected: number) => `together, ${tasks.map(({state, error}) => `${state} ${error?.code ?? ''}`).join(' and ')} end with ${expected}`,
});

test(endTogether, [ended('completed'), ended('completed')], 0);
test(endTogether, [ended('failed'), ended('failed', 'busy')], 1);
test(endTogether, [ended('completed'), ended('failed')], 3);
test(endTogether, [ended('partial'), ended('failed')], 3);
test(endTogether, [ended('completed'), ended('failed', 'damaged')], 7);
test(endTogether, [ended('failed', 'damaged'), ended('failed', 'key')], 8);
test(endTogether, [ended('failed', 'key'), ended('aborted')], 130);
