import test from 'ava';
import {describeMode} from '../../source/commands/describe-mode.ts';
import type {EntryType} from '../../source/domain/entry.ts';

const reads = test.macro({
	exec(t, type: EntryType, mode: number, expected: string) {
		t.is(describeMode({type, mode}), expected);
	},
	title: (_, _type: EntryType, _mode: number, expected: string) => expected,
});

test(reads, 'file', 0o644, '-rw-r--r--');
test(reads, 'directory', 0o755, 'drwxr-xr-x');
test(reads, 'symlink', 0o777, 'lrwxrwxrwx');
test(reads, 'file', 0o4755, '-rwsr-xr-x');
test(reads, 'file', 0o4644, '-rwSr--r--');
test(reads, 'directory', 0o2750, 'drwxr-s---');
test(reads, 'directory', 0o1777, 'drwxrwxrwt');
test(reads, 'directory', 0o1776, 'drwxrwxrwT');
test(reads, 'fifo', 0, 'p---------');
