import process from 'node:process';
import {UserError} from '../errors.ts';
import type {TerminalStart} from './start.ts';
import {appearanceOf, setAppearance} from './look/appearance.ts';

export type OpenOptions = {
	/** `--ascii`; a locale that is not UTF-8 means the same. */
	readonly isAscii?: boolean;
	/** `--sign-in`: files of the server are not for who signs in. */
	readonly isSigningIn?: boolean;
	/** Called after each frame. */
	readonly onFrame?: (() => void) | undefined;
};

/**
Opens the terminal and resolves when the operator has quit. Whatever ends it, the terminal is as it was before; what runs goes on in the runner.
@throws UserError `interrupted` when a signal ended it, or who was asked to sign in left; whatever made it crash.
*/
export const openTerminal = async (start: TerminalStart, {isAscii = false, isSigningIn = false, onFrame}: OpenOptions = {}): Promise<void> => {
	if (process.env.TERM === 'dumb' || isSet(process.env.ACCESSIBLE)) {
		process.stdout.write(commandsInstead);
		return;
	}

	const appearance = appearanceOf(process.env, isAscii);
	setAppearance(appearance);

	if (!appearance.hasColour) {
		// Ink's own colours look at this alone, once, when they are imported.
		process.env.FORCE_COLOR = '0';
	}

	const {commands, hasLeft, signal} = await withoutEcho(async () => {
		const {runTerminal} = await import('./run-terminal.tsx');

		return runTerminal(start, {isSigningIn, onFrame});
	});

	if (commands.length > 0) {
		process.stdout.write(`${commands.join('\n')}\n`);
	}

	if (hasLeft) {
		throw new UserError('Nobody signed in.', {code: 'interrupted', hint: 'Nothing was done.'});
	}

	if (signal !== undefined) {
		throw new UserError(`The terminal was closed by ${signal}.`, {code: 'interrupted', hint: 'What was running goes on: see "holdfast queue list".'});
	}
};

/** What is typed before the first frame waits for it; echoed, it would stand in the frame. */
const withoutEcho = async <Result>(run: () => Promise<Result>): Promise<Result> => {
	process.stdin.setRawMode(true);
	process.stdout.write('\r');

	try {
		return await run();
	} finally {
		process.stdin.setRawMode(false);
	}
};

const isSet = (value: string | undefined): boolean => value !== undefined && value !== '' && value !== '0';

const commandsInstead = `Holdfast's screens redraw themselves, which does not suit this terminal. The commands do everything the screens do, and print plain text:

  holdfast status                        what runs, what went wrong, space
  holdfast account list                  the accounts
  holdfast backup create NAME            back up an account now
  holdfast backup list NAME              its backups
  holdfast backup files ID [PATH]        what a backup holds
  holdfast restore ID --dry-run          what a restore would do
  holdfast restore ID --path PATH        restore a file or a folder
  holdfast queue list                    what runs and what waits

Each says more with --help; "holdfast --help" lists them all.
`;
