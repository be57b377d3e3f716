import {createContext, use} from 'react';
import type {Actor} from '../actions/context.ts';
import type {Basket, FolderTotalsOf} from './basket.ts';
import type {ItemTicks} from './item-ticks.ts';
import type {Data} from './data.ts';
import type {KeyMemory} from './key-memory.ts';

/** What every screen is given: one per opened terminal. */
export type Session = {
	readonly data: Data;
	readonly actor: Actor;
	/** The machine's name. */
	readonly server: string;
	/** Private keys of owners. */
	readonly keyMemory: KeyMemory;
	readonly isReadOnly: boolean;
	/** Started by `--sign-in`: no file of the server is written where the operator says. */
	readonly isSigningIn: boolean;
	readonly now: () => Date;
	/** Puts a command on the clipboard of the operator's own machine (OSC 52) and prints it after quitting. */
	readonly copy: (command: string) => void;
	/** Ends the terminal; with an error it is told on the main screen. */
	readonly end: (...errors: readonly unknown[]) => void;
	/** Tasks that were asked for here: their end is told wherever the operator is by then. */
	readonly asked: Set<string>;
	/** Tasks that were cleared from the queue here: the feed may still know them. */
	readonly cleared: Set<string>;
	/** What is ticked, by backup: going back loses nothing. */
	readonly baskets: Map<string, Basket>;
	/** The items that are ticked, by backup. */
	readonly itemTicks: Map<string, ItemTicks>;
	/** The folder totals of the backup that was walked through last. */
	readonly totals: Map<string, FolderTotalsOf>;
};

export const sessionContext = createContext<Session | undefined>(undefined);

export const useSession = (): Session => {
	const session = use(sessionContext);

	if (session === undefined) {
		throw new Error('There is no session around this component.');
	}

	return session;
};
