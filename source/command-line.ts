/** A line of the command line, from its words to its exit code. Whatever happens is told here alone: by a sentence and a next step. */
import process from 'node:process';
import type {Context} from './actions/context.ts';
import type {OpenContextOptions} from './actions/open-context.ts';
import type {Everywhere} from './commands/command.ts';
import {commands} from './commands/commands.ts';
import {everywhereOptions, readEverywhere, type EverywhereValues} from './commands/everywhere.ts';
import {describeAll, describeGroup} from './commands/help.ts';
import {formatError} from './commands/output.ts';
import {findCommand, type FoundCommand} from './commands/parse-line.ts';
import {parseOptions, readOptions} from './commands/parse-options.ts';
import {
	checkSignInFiles,
	readSignInLine,
	signInOption,
	type GivenFiles,
} from './commands/sign-in-line.ts';
import {exitCodes, UserError} from './errors.ts';
import {holdMemory} from './system/hold-memory.ts';
import {returnMemory} from './system/return-memory.ts';
import type {TerminalStart} from './ui/start.ts';
import {version} from './version.ts';

/**
Carries out a line, told on the standard streams.
@param words What stands on it after the program's name.
@param interruption Asks a command to stop; unless given, a signal to this process does.
@returns the exit code.
*/
export const runLine = async (words: readonly string[], interruption?: () => AbortSignal): Promise<number> => {
	const openScreens: OpenScreens = async start => {
		const rest = returnMemory();
		// The first frame comes sooner where the heap grows as it likes.
		const onFrame = (): void => {
			holdMemory();
			rest();
		};

		const ui = await import('./ui/open.ts');
		await ui.openTerminal(start, {isAscii: words.includes('--ascii'), isSigningIn: words.includes(signInOption), onFrame});
	};

	try {
		return await carryOut(readSignInLine(words), {openScreens, interruption});
	} catch (error) {
		return fail(error, words);
	}
};

type OpenScreens = (start: TerminalStart) => Promise<void>;

type Surroundings = {
	readonly openScreens: OpenScreens;
	readonly interruption: (() => AbortSignal) | undefined;
};

const carryOut = async (line: readonly string[], {openScreens, interruption}: Surroundings): Promise<number> => {
	const found = findCommand(line, commands);

	if (line.includes('--version')) {
		process.stdout.write(`holdfast ${version}\n`);
		return 0;
	}

	if (found.type === 'command') {
		const {runCommand} = await import('./commands/run-command.ts');
		return runCommand(found.entry, found.rest, {openTerminal: async context => openScreens({type: 'known', context}), interruption});
	}

	return runGroup(found, openScreens);
};

/** A noun alone, which says what can be done with it; or nothing at all, which opens the terminal. */
const runGroup = async ({noun, rest}: FoundCommand & {type: 'group'}, openScreens: OpenScreens): Promise<number> => {
	const {given} = parseOptions(rest, everywhereOptions);

	if (given.has('help')) {
		process.stdout.write(`${noun === '' ? describeAll(commands) : describeGroup(noun, commands)}\n`);
		return 0;
	}

	if (noun !== '') {
		throw new UserError(`"holdfast ${noun}" needs a verb.`, {code: 'usage', hint: describeGroup(noun, commands)});
	}

	return openTerminalOf(given, openScreens);
};

const openTerminalOf = async (given: GivenFiles['given'], openScreens: OpenScreens): Promise<number> => {
	const everywhere = readEverywhere(readOptions(given, everywhereOptions) as EverywhereValues);

	if (everywhere.isJson || !process.stdout.isTTY || !process.stdin.isTTY) {
		throw new UserError('The screens need a terminal.', {code: 'usage', hint: 'Use a command instead: see "holdfast --help".'});
	}

	if (everywhere.isSigningIn) {
		checkSignInFiles({
			options: everywhereOptions, declared: [], given, words: [],
		});
	}

	await openScreens(await startOf(everywhere));

	return 0;
};

/** Without a file that says the password, it is asked for on a screen. */
const startOf = async (everywhere: Everywhere): Promise<TerminalStart> => {
	const {openContext, requireSetup} = await import('./actions/open-context.ts');
	const {actAs, isSigningIn, passwordFiles} = everywhere;

	const open = async (credentials?: OpenContextOptions['credentials']): Promise<Context> => {
		const context = await openContext({...everywhere, credentials});
		await requireSetup(context);

		return context;
	};

	if ((actAs !== undefined || isSigningIn) && passwordFiles.length === 0) {
		return {type: 'asked', name: actAs, signIn: open};
	}

	const {readCredentials} = await import('./commands/read-password.ts');

	return {type: 'known', context: await open(await readCredentials(everywhere))};
};

const fail = (error: unknown, line: readonly string[]): number => {
	// Names of files of the server are not for those who sign in.
	const isSigningIn = line.includes(signInOption);
	const isDebug = line.includes('--debug') && !isSigningIn;
	const userError = error instanceof UserError
		? error
		: new UserError(`Something went wrong that should not: ${error instanceof Error ? error.message : String(error)}.`, {
			code: 'failed',
			hint: hintForBug(isDebug, isSigningIn),
			cause: error,
		});

	process.stderr.write(formatError(userError, line.includes('--json')));

	if (isDebug) {
		console.error(error);
	}

	return exitCodes[userError.code];
};

const hintForBug = (isDebug: boolean, isSigningIn: boolean): string | undefined => {
	if (isSigningIn) {
		return 'This is a bug in Holdfast. Tell an administrator of this server.';
	}

	return isDebug ? undefined : 'This is a bug in Holdfast. Run it again with --debug to see where.';
};
