import {homedir} from 'node:os';
import {join, resolve} from 'node:path';
import process from 'node:process';
import type {Everywhere, Options, OptionValues} from './command.ts';

/** The options that may stand anywhere on the line. */
export const everywhereOptions = {
	state: {type: 'text', placeholder: 'DIR', meaning: 'the state directory (or HOLDFAST_STATE)'},
	'read-only': {type: 'flag', meaning: 'refuse every change'},
	json: {type: 'flag', meaning: 'print one JSON document on standard output'},
	quiet: {type: 'flag', meaning: 'no progress'},
	as: {type: 'text', placeholder: 'NAME', meaning: 'act as this Holdfast user'},
	'password-file': {type: 'repeated', placeholder: 'FILE', meaning: 'the password for --as, in the first line of a file ("-": standard input)'},
	'sign-in': {type: 'flag', meaning: 'trust nobody: ask who it is (for sudo rules and forced commands of sshd)'},
	ascii: {type: 'flag', meaning: 'draw the screens with ASCII alone'},
	debug: {type: 'flag', meaning: 'show where an error came from'},
	help: {type: 'flag', meaning: 'this help'},
	version: {type: 'flag', meaning: 'the version'},
} as const satisfies Options;

export type EverywhereValues = OptionValues<typeof everywhereOptions>;

export const readEverywhere = (values: EverywhereValues): Everywhere => ({
	stateDirectory: resolve(values.state ?? environment('HOLDFAST_STATE') ?? defaultStateDirectory()),
	isJson: values.json,
	isReadOnly: values['read-only'],
	isQuiet: values.quiet,
	isDebug: values.debug,
	actAs: values.as,
	passwordFiles: values['password-file'],
	isSigningIn: values['sign-in'],
});

const defaultStateDirectory = (): string => process.geteuid!() === 0
	? '/var/lib/holdfast'
	: join(environment('XDG_STATE_HOME') ?? join(homedir(), '.local', 'state'), 'holdfast');

/** A variable that is set to nothing is not set. */
const environment = (name: string): string | undefined => process.env[name] === '' ? undefined : process.env[name];
