/** The command line. Whatever happens, how the program ends is decided here alone: by a sentence, a next step and a public exit code. */
import process from 'node:process';
import type {Context} from './actions/context.ts';
import type {OpenContextOptions} from './actions/open-context.ts';
import type {Everywhere, OpenTerminal} from './commands/command.ts';
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
import {leaveSafely} from './system/leave.ts';
import type {TerminalStart} from './ui/start.ts';
import {version} from './version.ts';

const main = async (line: readonly string[]): Promise<number> => {
	const found = findCommand(line, commands);

	if (line.includes('--version')) {
		process.stdout.write(`holdfast ${version}\n`);
		return 0;
	}

	if (found.type === 'command') {
		const {runCommand} = await import('./commands/run-command.ts');
		return runCommand(found.entry, found.rest, openTerminal);
	}

	return runGroup(found);
};

/** A noun alone, which says what can be done with it; or nothing at all, which opens the terminal. */
const runGroup = async ({noun, rest}: FoundCommand & {type: 'group'}): Promise<number> => {
	const {given} = parseOptions(rest, everywhereOptions);

	if (given.has('help')) {
		process.stdout.write(`${noun === '' ? describeAll(commands) : describeGroup(noun, commands)}\n`);
		return 0;
	}

	if (noun !== '') {
		throw new UserError(`"holdfast ${noun}" needs a verb.`, {code: 'usage', hint: describeGroup(noun, commands)});
	}

	return openTerminalOf(given);
};

const openTerminalOf = async (given: GivenFiles['given']): Promise<number> => {
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

const openTerminal: OpenTerminal = async context => openScreens({type: 'known', context});

const openScreens = async (start: TerminalStart): Promise<void> => {
	holdMemory();
	const ui = await import('./ui/open.ts');
	await ui.openTerminal(start, {isAscii: line.includes('--ascii'), isSigningIn: line.includes(signInOption)});
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

/** A reader that went away (`| head`) ends the program quietly; anything else that keeps the result from being written is an error. */
const watchOutput = (): void => {
	for (const stream of [process.stdout, process.stderr]) {
		stream.on('error', (error: NodeJS.ErrnoException) => {
			if (error.code !== 'EPIPE') {
				process.stderr.write(`holdfast: The output could not be written: ${error.message}.\n`);
			}

			process.exit(exitCodes.failed); // eslint-disable-line unicorn/no-process-exit -- nothing that is written from here on arrives
		});
	}
};

const line = process.argv.slice(2);
leaveSafely();
watchOutput();

try {
	process.exitCode = await main(readSignInLine(line));
} catch (error) {
	process.exitCode = fail(error, line);
}
