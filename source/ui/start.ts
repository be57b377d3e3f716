import type {Context} from '../actions/context.ts';

/** What the terminal begins with: somebody who is known, or the question who it is. */
export type TerminalStart =
	| {readonly type: 'known'; readonly context: Context}
	| {
		readonly type: 'asked';
		/** Who it is said to be. */
		readonly name: string | undefined;
		/** Throws a `UserError` unless they are let in. */
		readonly signIn: (credentials: {readonly name: string; readonly password: string}) => Promise<Context>;
	};
