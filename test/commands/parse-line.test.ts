import test, {type ExecutionContext} from 'ava';
import type {CommandEntry} from '../../source/commands/commands.ts';
import {assignArguments, findCommand} from '../../source/commands/parse-line.ts';
import {UserError} from '../../source/errors.ts';

const entry = (name: string): CommandEntry => ({
	name, summary: '', async load() {
		throw new Error('not called');
	},
});
const commands = ['account list', 'account show', 'restore', 'status'].map(name => entry(name));

type Found = {readonly name: string; readonly rest: string};

const finds = test.macro({
	exec(t: ExecutionContext, text: string, {name, rest}: Found) {
		const found = findCommand(text.split(' ').filter(word => word !== ''), commands);

		t.is(found.type === 'command' ? found.entry.name : found.noun, name);
		t.is(found.rest.join(' '), rest);
	},
	title: (_, text) => `finds: ${text}`,
});

test(finds, '', {name: '', rest: ''});
test(finds, 'account', {name: 'account', rest: ''});
test(finds, 'account list', {name: 'account list', rest: ''});
test(finds, '--json account list', {name: 'account list', rest: '--json'});
test(finds, '--state /x account list', {name: 'account list', rest: '--state /x'});
test(finds, '--state=/x account --json list --sort size', {name: 'account list', rest: '--state=/x --json --sort size'});
test(finds, 'account show list', {name: 'account show', rest: 'list'});
test(finds, 'restore abcdef --path list', {name: 'restore', rest: 'abcdef --path list'});
test(finds, 'status --help', {name: 'status', rest: '--help'});
test(finds, '--help', {name: '', rest: '--help'});

type Refusal = {readonly message: RegExp; readonly hint: RegExp};

const refuses = test.macro({
	exec(t: ExecutionContext, text: string, {message, hint}: Refusal) {
		const error = t.throws<UserError>(() => findCommand(text.split(' '), commands), {instanceOf: UserError, message});

		t.is(error.code, 'usage');
		t.regex(error.hint ?? '', hint);
	},
	title: (_, text) => `refuses: ${text}`,
});

test(refuses, 'acount', {message: /no command "acount"/v, hint: /holdfast account/v});
test(refuses, 'account lsit', {message: /no command "account lsit"/v, hint: /account list/v});
test(refuses, 'xyzzy', {message: /no command "xyzzy"/v, hint: /holdfast --help/v});

test('arguments', t => {
	const id = {name: 'ID', meaning: ''};
	const path = {name: 'PATH', meaning: '', count: 'optional'} as const;
	const names = {name: 'NAME', meaning: '', count: 'repeated'} as const;

	t.deepEqual(assignArguments(['x'], [id]), ['x']);
	t.deepEqual(assignArguments(['x'], [id, path]), ['x', undefined]);
	t.deepEqual(assignArguments(['x', 'y'], [id, path]), ['x', 'y']);
	t.deepEqual(assignArguments(['x', 'y'], [names]), [['x', 'y']]);
	t.throws(() => assignArguments([], [id]), {message: /ID is missing/v});
	t.throws(() => assignArguments([], [names]), {message: /NAME is missing/v});
	t.throws(() => assignArguments(['x', 'y', 'z'], [id, path]), {message: /"z" is too much/v});
});
