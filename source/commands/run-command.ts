import {openContext, requireSetup} from '../actions/open-context.ts';
import type {Context} from '../actions/context.ts';
import {UserError} from '../errors.ts';
import type {
	AnyCommand,
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

/**
Runs a found command on the rest of its line.
@returns the exit code.
@throws UserError
*/
export const runCommand = async (entry: CommandEntry, rest: readonly string[], openTerminal: OpenTerminal): Promise<number> => {
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
	const context = await contextOf(command, everywhere);

	const invocation = {
		values,
		options: readOptions(given, command.options),
		everywhere,
		context,
		output,
		interruption: createInterruption(),
		openTerminal,
	} as unknown as Invocation<readonly [], Options, 'setup'>;

	// The declaration of the command, which the values were made from, is what its types are made from.
	return await command.run(invocation as never) ?? 0;
};

const contextOf = async ({needs}: AnyCommand, everywhere: Everywhere): Promise<Context | undefined> => {
	if (needs === 'nothing') {
		return undefined;
	}

	const context = await openContext({...everywhere, credentials: await readCredentials(everywhere)});
	await requireSetup(context);

	return context;
};
