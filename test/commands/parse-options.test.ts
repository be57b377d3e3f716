import test, {type ExecutionContext} from 'ava';
import type {Options} from '../../source/commands/command.ts';
import {parseOptions, readOptions} from '../../source/commands/parse-options.ts';
import {UserError} from '../../source/errors.ts';

const options: Options = {
	yes: {type: 'flag', meaning: ''},
	sort: {
		type: 'text', placeholder: 'KEY', meaning: '', choices: ['name', 'size'],
	},
	note: {type: 'text', placeholder: 'TEXT', meaning: ''},
	exclude: {type: 'list', placeholder: 'GLOB', meaning: ''},
	path: {type: 'repeated', placeholder: 'P', meaning: ''},
};

const line = (text: string): readonly string[] => text === '' ? [] : text.split(' ');

type Reading = {readonly words: readonly string[]} & Readonly<Record<string, unknown>>;

const reads = test.macro({
	exec(t: ExecutionContext, text: string, {words, ...expected}: Reading) {
		const parsed = parseOptions(line(text), options);

		t.deepEqual(parsed.words, words);
		t.like(readOptions(parsed.given, options), expected);
	},
	title: (_, text) => `reads: ${text}`,
});

test(reads, '', {
	words: [], yes: false, sort: undefined, exclude: [], path: [],
});
test(reads, 'a --yes b', {words: ['a', 'b'], yes: true});
test(reads, '--sort name --note=x=y', {words: [], sort: 'name', note: 'x=y'});
test(reads, '--exclude a,b --exclude=c', {words: [], exclude: ['a', 'b', 'c']});
test(reads, '--exclude *.{jpg,png},*.log', {words: [], exclude: ['*.{jpg,png}', '*.log']});
test(reads, '--path a,b --path c', {words: [], path: ['a,b', 'c']});
test(reads, '--note - -', {words: ['-'], note: '-'});
test(reads, '-- --yes', {words: ['--yes'], yes: false});
test(reads, '--note -5', {words: [], note: '-5'});
test(reads, '--note=--yes', {words: [], note: '--yes', yes: false});

type Refusal = {readonly message: RegExp; readonly hint: RegExp};

const refuses = test.macro({
	exec(t: ExecutionContext, text: string, {message, hint}: Refusal) {
		const error = t.throws<UserError>(() => readOptions(parseOptions(line(text), options).given, options), {instanceOf: UserError, message});

		t.is(error.code, 'usage');
		t.regex(error.hint ?? '', hint);
	},
	title: (_, text) => `refuses: ${text}`,
});

test(refuses, '--srot name', {message: /no option --srot/v, hint: /--sort/v});
test(refuses, '--sort=colour', {message: /cannot be "colour"/v, hint: /name, size/v});
test(refuses, '--zzzzzz', {message: /no option --zzzzzz/v, hint: /--help/v});
test(refuses, '-x', {message: /no option -x/v, hint: /--help/v});
test(refuses, '--note', {message: /needs a value/v, hint: /--note=VALUE/v});
test(refuses, '--note --yes', {message: /needs a value/v, hint: /--note=VALUE/v});
test(refuses, '--note=', {message: /is empty/v, hint: /leave the option out/v});
test(refuses, '--yes=true', {message: /takes no value/v, hint: /alone/v});
test(refuses, '--note a --note b', {message: /given twice/v, hint: /once/v});
test(refuses, '--constructor', {message: /no option --constructor/v, hint: /--help/v});
