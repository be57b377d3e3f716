import test from 'ava';
import {composeMail, recipientsOf, type RecipientFacts} from '../../source/domain/notification.ts';
import type {TaskState} from '../../source/domain/task.ts';
import {timeZone} from '../../source/domain/time-zone.ts';
import {newTask} from '../runner/new-task.ts';
import {newBackup} from './new-backup.ts';

const goesTo = test.macro({
	exec(t, state: TaskState, changes: Partial<RecipientFacts>, expected: readonly string[]) {
		t.deepEqual(recipientsOf({
			task: {state}, on: 'problems', to: 'admin@example.com, second@example.com', email: 'alice@example.com', ...changes,
		}), expected);
	},
	title: (story, state: TaskState) => `${state}: ${story ?? ''}`,
});

const all = ['admin@example.com', 'second@example.com', 'alice@example.com'];
test('a problem', goesTo, 'failed', {}, all);
test('a partial result is one', goesTo, 'partial', {}, all);
test('so is an interruption', goesTo, 'interrupted', {}, all);
test('what was aborted was so on purpose', goesTo, 'aborted', {}, []);
test('nobody hears of what went well', goesTo, 'completed', {}, []);
test('unless all is mailed', goesTo, 'completed', {on: 'all'}, all);
test('none', goesTo, 'failed', {on: 'none'}, []);
test('no administrator', goesTo, 'failed', {to: 'none'}, ['alice@example.com']);
test('no address of the account', goesTo, 'failed', {email: null}, all.slice(0, 2));
test('each address once', goesTo, 'failed', {email: 'admin@example.com'}, all.slice(0, 2));

test('a problem, with the remedy', t => {
	const task = newTask('alice', {
		state: 'partial',
		startedAt: '2026-11-03T01:30:00.000Z',
		endedAt: '2026-11-03T01:33:00.000Z',
		requestedBy: 'scheduler',
		backup: 'backupbackupback',
		error: {code: 'partial', message: '23 files and folders could not be backed up.', hint: 'Each is named with "holdfast queue show".'},
		findings: [{level: 'note', path: 'gone', message: 'vanished'}, ...Array.from({length: 23}, (_, index) => ({level: 'problem' as const, path: `evil\u{1B}[31m${index}`, message: 'cannot be read'}))],
	});
	const {subject, text} = composeMail({
		task, backup: newBackup({
			id: 'backupbackupback', fileCount: 1, sizeBytes: 2_500_000, storedBytes: 1000,
		}), machine: 'web1', zone: timeZone('Europe/Berlin'),
	});

	t.is(subject, '[web1] backup of alice was partial');
	t.is(text.split('\n').slice(0, 12).join('\n'), String.raw`The backup of alice on web1 was partial.

  Began     2026-11-03 02:30, took 3 min
  Backup    backupbackupback: 1 file, 2.5 MB; 1.0 KB added
  Asked by  scheduler
  Task      00000000000alice

What is wrong: 23 files and folders could not be backed up.
What to do: Each is named with "holdfast queue show".

  - evil\x1b[31m0: cannot be read
  - evil\x1b[31m1: cannot be read`);
	t.true(text.includes('  and 3 more\n'));
	t.false(text.includes('\u{1B}'));
	t.true(text.split('\n').every(line => line.length <= 76));
});

test('a restore says what it brought', t => {
	const nothing = {count: 0, bytes: 0};
	const {text} = composeMail({
		task: newTask('alice', {
			kind: 'restore', state: 'aborted', summary: {
				created: {count: 1, bytes: 10}, overwritten: {count: 2, bytes: 20}, kept: {count: 1500, bytes: 0}, liveOnly: nothing, deleted: nothing, failed: nothing,
			},
		}), backup: undefined, machine: 'web1', zone: timeZone('UTC'),
	});

	t.regex(text, /^ {2}Result {4}3 entries written, 1,500 kept, 0 deleted, 0 failed$/mv);
});
