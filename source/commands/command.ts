/**
The shape of a command. A command is data and one function; the line is parsed, the help written and the completion made from the same data.

	export const accountShow = defineCommand({
		arguments: [{name: 'NAME', meaning: 'name or UUID of the account'}],
		options: {owner: {type: 'text', placeholder: 'NAME', meaning: '…'}},
		json: 'the account: uuid, name, …',
		examples: ['holdfast account show alice'],
		needs: 'setup',
		async run({context, values, options, output}) {
			const [name] = values;
			const account = await showAccount(context, name);
			await output.result(toJson(account), () => describeAccount(account));
		},
	});

It is found through one line in `commands.ts`, which has its name and summary and imports the rest when it is called. `run` resolves with nothing when all
is well, or with an exit code when it has told the result itself (a task that was partial, a status with problems); it throws `UserError` for all else.
*/
import type {Context} from '../actions/context.ts';
import type {Output} from './output.ts';

export type Argument = {
	/** As shown in the usage: `NAME`. */
	readonly name: string;
	readonly meaning: string;
	/** Once and required unless said otherwise; `repeated`: one or more. Both come last. */
	readonly count?: 'optional' | 'repeated';
};

/** `list` may be repeated and takes commas (not within braces); `repeated` takes every value as it is. */
export type Option =
	| {readonly type: 'flag'; readonly meaning: string}
	| {readonly type: 'text' | 'list' | 'repeated'; readonly placeholder: string; readonly meaning: string; readonly choices?: readonly string[]};

export type Options = Readonly<Record<string, Option>>;

type ArgumentValues<Arguments extends readonly Argument[]> = {
	readonly [Index in keyof Arguments]: Arguments[Index] extends {readonly count: 'repeated'}
		? readonly string[]
		: Arguments[Index] extends {readonly count: 'optional'} ? string | undefined : string
};

export type OptionValues<Declared extends Options> = {
	readonly [Name in keyof Declared]: Declared[Name] extends {readonly type: 'flag'}
		? boolean
		: Declared[Name] extends {readonly type: 'text'} ? string | undefined : readonly string[]
};

export type Needs = 'setup' | 'nothing';

/** What the options that may stand anywhere on the line said. */
export type Everywhere = {
	/** Absolute. */
	readonly stateDirectory: string;
	readonly isJson: boolean;
	readonly isReadOnly: boolean;
	readonly isQuiet: boolean;
	readonly isDebug: boolean;
	/** Name of the Holdfast user to act as. */
	readonly actAs: string | undefined;
	/** With `actAs` the first is for signing in. */
	readonly passwordFiles: readonly string[];
	/** Nobody is trusted: who it is, is asked. */
	readonly isSigningIn: boolean;
};

export type Invocation<Arguments extends readonly Argument[], Declared extends Options, Need extends Needs> = {
	/** One value for each declared argument. */
	readonly values: ArgumentValues<Arguments>;
	readonly options: OptionValues<Declared>;
	readonly everywhere: Everywhere;
	/** With `needs: 'setup'`: the opened state and who acts. */
	readonly context: Need extends 'setup' ? Context : undefined;
	readonly output: Output;
	/** Aborted by the first Ctrl-C (or SIGTERM, SIGHUP); the second one ends the process. Before it is asked for, the first one does. */
	readonly interruption: () => AbortSignal;
	/** Opens the screens, and resolves when the operator has quit. */
	readonly openTerminal: OpenTerminal;
};

export type OpenTerminal = (context: Context) => Promise<void>;

export type Command<Arguments extends readonly Argument[] = readonly Argument[], Declared extends Options = Options, Need extends Needs = Needs> = {
	readonly arguments: Arguments;
	readonly options: Declared;
	/** What `--json` prints, in words; `undefined` where it prints nothing. */
	readonly json?: string;
	/** More for the help, a paragraph each. */
	readonly details?: readonly string[];
	readonly examples: readonly string[];
	readonly needs: Need;
	readonly run: (invocation: Invocation<Arguments, Declared, Need>) => Promise<number | void>;
};

/** Any command, whatever its arguments and options. */
export type AnyCommand = Omit<Command, 'run'> & {
	readonly run: (invocation: never) => Promise<number | void>;
};

export const defineCommand = <const Arguments extends readonly Argument[], const Declared extends Options, const Need extends Needs>(command: Command<Arguments, Declared, Need>): AnyCommand => command;
