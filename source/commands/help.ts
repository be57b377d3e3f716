import type {
	AnyCommand,
	Argument,
	Option,
	Options,
} from './command.ts';
import type {CommandEntry} from './commands.ts';
import {everywhereOptions} from './everywhere.ts';
import {wrapText} from './wrap-text.ts';

const indent = 2;
const lineWidth = 80;

/** `holdfast --help`: every command with its summary. */
export const describeAll = (commands: readonly CommandEntry[]): string => [
	'Holdfast backs up and restores the accounts of a Linux server.',
	'',
	'Usage: holdfast                         opens the terminal',
	'       holdfast COMMAND [ARGUMENT] [--options]',
	'',
	'Commands:',
	...describePairs(commands.map(({name, summary}) => [name, summary])),
	'',
	...describeEverywhere(),
	'',
	'Examples:',
	'  holdfast demo',
	'  holdfast init --yes && holdfast backup create alice',
	'  holdfast account list --json',
	'',
	'Exit codes: 0 complete, 1 failed, 2 wrong usage, 3 partial, 4 refused,',
	'5 no such thing, 6 busy or locked, 7 damaged data, 8 key needed or wrong,',
	'130 interrupted.',
].join('\n');

/** `holdfast account --help`: the verbs of a noun. */
export const describeGroup = (noun: string, commands: readonly CommandEntry[]): string => [
	`Usage: holdfast ${noun} VERB [ARGUMENT] [--options]`,
	'',
	...describePairs(commands.filter(({name}) => name.startsWith(`${noun} `)).map(({name, summary}) => [name, summary])),
	'',
	'Each has its own --help, with examples.',
].join('\n');

export const describeCommand = ({name, summary}: CommandEntry, command: AnyCommand): string => {
	const parts = [
		[`${summary[0]!.toUpperCase()}${summary.slice(1)}.`],
		wrapText(`Usage: ${['holdfast', name, ...command.arguments.map(each => usageOf(each)), ...usageOfOptions(command.options)].join(' ')}`, {width: lineWidth, indent: 7}),
		section('Arguments:', command.arguments.map(each => [each.name, each.meaning])),
		section('Options:', Object.entries(command.options).map(([option, facts]) => [nameOf(option, facts), meaningOf(facts)])),
		...(command.details ?? []).map(paragraph => wrapText(paragraph, {width: lineWidth, indent: 0})),
		command.json === undefined ? [] : wrapText(`With --json: ${command.json}.`, {width: lineWidth, indent: 0}),
		['Examples:', ...command.examples.map(example => `  ${example}`)],
		describeEverywhere(),
	];

	return parts.filter(lines => lines.length > 0).map(lines => lines.join('\n')).join('\n\n');
};

const describeEverywhere = (): readonly string[] => section('Everywhere:', Object.entries(everywhereOptions).map(([name, option]) => [nameOf(name, option), option.meaning]));

const section = (heading: string, pairs: ReadonlyArray<readonly [string, string]>): readonly string[] => pairs.length === 0 ? [] : [heading, ...describePairs(pairs)];

/** Two columns; the second one wraps within itself. */
const describePairs = (pairs: ReadonlyArray<readonly [string, string]>): readonly string[] => {
	const column = Math.min(30, Math.max(...pairs.map(([left]) => left.length)) + indent + 2);

	return pairs.flatMap(([left, right]) => {
		const head = `${' '.repeat(indent)}${left}`;
		const [first, ...others] = wrapText(right, {width: lineWidth - column, indent: 0});
		const tail = others.map(line => `${' '.repeat(column)}${line}`);

		return head.length + 2 > column
			? [head, `${' '.repeat(column)}${first!}`, ...tail]
			: [`${head.padEnd(column)}${first!}`, ...tail];
	});
};

const usageOf = ({name, count}: Argument): string => {
	if (count === 'optional') {
		return `[${name}]`;
	}

	return count === 'repeated' ? `${name}…` : name;
};

const usageOfOptions = (options: Options): readonly string[] => Object.entries(options).map(([name, option]) =>
	`[${nameOf(name, option)}]${option.type === 'list' || option.type === 'repeated' ? '…' : ''}`);

const nameOf = (name: string, option: Option): string => option.type === 'flag' ? `--${name}` : `--${name} ${option.placeholder}`;

const meaningOf = (option: Option): string => {
	const choices = option.type !== 'flag' && option.choices ? `: ${option.choices.join(', ')}` : '';
	const repetition = option.type === 'list' ? ' (repeat it, or use commas)' : '';

	return `${option.meaning}${choices}${option.type === 'repeated' ? ' (may be repeated)' : repetition}`;
};
