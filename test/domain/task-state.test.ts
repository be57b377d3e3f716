import test from 'ava';
import type {ItemResult, ItemStatus} from '../../source/domain/item.ts';
import {codeOfTask, codeOfTasks, decideTaskState} from '../../source/domain/task-state.ts';
import type {TaskState} from '../../source/domain/task.ts';
import type {ErrorCode} from '../../source/errors.ts';

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
	exec(t, items: readonly ItemResult[], expected: ReturnType<typeof decideTaskState>) {
		t.is(decideTaskState(items), expected);
	},
	title: (_, items: readonly ItemResult[], expected: string) => `${items.map(({status, parts}) => `${status}(${parts.map(part => part.status).join(' ')})`).join(' + ')} is ${expected}`,
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
	exec(t, task: Ended, expected: ErrorCode | undefined) {
		t.is(codeOfTask(task), expected);
		t.is(codeOfTasks([task]), expected);
	},
	title: (_, {state, error}: Ended, expected: ErrorCode | undefined) => `${state} ${error?.code ?? ''} ends with ${expected ?? 'complete'}`,
});

test(ends, ended('completed'), undefined);
test(ends, ended('partial'), 'partial');
test(ends, ended('partial', 'failed'), 'partial');
test(ends, ended('partial', 'damaged'), 'damaged');
test(ends, ended('failed', 'failed'), 'failed');
test(ends, ended('failed'), 'failed');
test(ends, ended('failed', 'damaged'), 'damaged');
test(ends, ended('failed', 'busy'), 'busy');
test(ends, ended('failed', 'key'), 'key');
test(ends, ended('failed', 'refused'), 'refused');
test(ends, ended('failed', 'a code of a later version'), 'failed');
test(ends, ended('aborted', 'interrupted'), 'interrupted');
test(ends, ended('interrupted', 'interrupted'), 'interrupted');

const endTogether = test.macro({
	exec(t, tasks: readonly Ended[], expected: ErrorCode | undefined) {
		t.is(codeOfTasks(tasks), expected);
	},
	title: (_, tasks: readonly Ended[], expected: ErrorCode | undefined) => `together, ${tasks.map(({state, error}) => `${state} ${error?.code ?? ''}`).join(' and ')} end with ${expected ?? 'complete'}`,
});

test(endTogether, [ended('completed'), ended('completed')], undefined);
test(endTogether, [ended('failed'), ended('failed', 'busy')], 'failed');
test(endTogether, [ended('completed'), ended('failed')], 'partial');
test(endTogether, [ended('partial'), ended('failed')], 'partial');
test(endTogether, [ended('completed'), ended('failed', 'damaged')], 'damaged');
test(endTogether, [ended('failed', 'damaged'), ended('failed', 'key')], 'key');
test(endTogether, [ended('failed', 'key'), ended('aborted')], 'interrupted');
