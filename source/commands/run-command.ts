import {openContext, requireSetup} from '../actions/open-context.ts';
import type {Context} from '../actions/context.ts';
import {UserError} from '../errors.ts';
import type {
	Everywhere,
	Invocation,
	OpenTerminal,
	Options,
} from './command.ts';
import type {CommandEntry} from './commands.ts';
import {everywhereOptions, readEverywhere, type EverywhereValues} from './everywhere.ts';
import {describeCommand} from './help.ts';
import {readCredentials} from './read-password.ts';
import {createInterruption} from './interruption.ts';
import {createOutput} from './output.ts';
import {checkSignInCommand, checkSignInFiles} from './sign-in-line.ts';
import {assignArguments} from './parse-line.ts';
import {parseOptions, readOptions} from './parse-options.ts';

/** What a command is run in. */
export type Surroundings = {
	readonly openTerminal: OpenTerminal;
	/** The opened state and who acts, by what the line says. */
	readonly openFor: (everywhere: Everywhere) => Promise<Context>;
	readonly interruption: () => AbortSignal;
};

/**
Runs a found command on the rest of its line.
@returns the exit code.
@throws UserError
*/
export const runCommand = async (entry: CommandEntry, rest: readonly string[], {openTerminal, interruption = createInterruption()}: {readonly openTerminal: OpenTerminal; readonly interruption: Surroundings['interruption'] | undefined}): Promise<number> =>
	runCommandIn({openTerminal, openFor, interruption}, entry, rest);

/** The same in other surroundings. */
export const runCommandIn = async ({openTerminal, openFor, interruption}: Surroundings, entry: CommandEntry, rest: readonly string[]): Promise<number> => {
	const command = await entry.load();
	const {words, given} = parseOptions(rest, {...command.options, ...everywhereOptions});
	const everywhere = readEverywhere(readOptions(given, everywhereOptions) as EverywhereValues);
	const output = createOutput(everywhere);

	if (given.has('help')) {
		await createOutput({isJson: false, isQuiet: false}).result(undefined, () => describeCommand(entry, command));
		return 0;
	}

	if (everywhere.actAs === undefined && everywhere.passwordFiles.length > 0 && !entry.name.startsWith('user ') && entry.name !== 'init') {
		throw new UserError('--password-file says who signs in together with --as.', {code: 'usage', hint: 'Give both, or neither.'});
	}

	if (everywhere.isSigningIn) {
		checkSignInCommand(entry.name, command.needs);
		checkSignInFiles({
			options: {...command.options, ...everywhereOptions}, declared: command.arguments, given, words,
		});
	}

	const values = assignArguments(words, command.arguments);
	const context = command.needs === 'nothing' ? undefined : await openFor(everywhere);

	const invocation = {
		values,
		options: readOptions(given, command.options),
		everywhere,
		context,
		output,
		interruption,
		openTerminal,
	} as unknown as Invocation<readonly [], Options, 'setup'>;

	// The declaration of the command, which the values were made from, is what its types are made from.
	return await command.run(invocation as never) ?? 0;
};

const openFor = async (everywhere: Everywhere): Promise<Context> => {
	const context = await openContext({...everywhere, credentials: await readCredentials(everywhere)});
	await requireSetup(context);

	return context;
};
