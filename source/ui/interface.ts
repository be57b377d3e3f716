import {createContext, use} from 'react';
import type {FocusStack} from './keys/focus-stack.ts';
import type {Opened, Route} from './navigation.ts';
import type {Line, Tone} from './look/span.ts';

/** A sentence above the footer, for some seconds. */
export type Notice = {readonly text: string; readonly tone: Tone; readonly undo?: (() => void) | undefined};

/** A question that must be answered before anything is done. */
export type Confirmation = {
	/** The absolute target: `Restore into /home/alice on web1`. */
	readonly title: string;
	/** What exactly it is about: the frozen list of targets, the numbers. */
	readonly lines: readonly Line[];
	/** What happens on yes: `Restore 214 files`. */
	readonly act: string;
	/** The command that does the same. */
	readonly command: string;
	/** Must be typed for what overwrites or destroys live data. */
	readonly nameToType?: string | undefined;
};

export type TextQuestion = {
	readonly title: string;
	readonly hint: string;
	readonly text: string;
	/** What the text would come to, as it is typed: lines, of which the first few are shown. */
	readonly preview?: ((text: string) => Promise<readonly string[]>) | undefined;
	/** A sentence when the text cannot be taken. */
	readonly check?: ((text: string) => string | undefined) | undefined;
	/** What a text can be completed to, by Tab. */
	readonly complete?: Complete | undefined;
	/** A password, or a text that is one if this says so: dots are shown. */
	readonly isSecret?: SecretText | undefined;
};

export type SecretText = boolean | ((text: string) => boolean);

/** Every whole text that begins with what was typed. */
export type Complete = (text: string) => Promise<readonly string[]>;

/** What was changed on a screen and not saved yet. */
export type Draft = {
	/** A sentence that says what would be lost. */
	readonly sentence: string;
	/** The commands that make the same changes. */
	readonly command: string;
	/** Takes back the last change. */
	readonly undo: () => void;
};

/** Something that is shown once. */
export type Secret = {
	readonly title: string;
	readonly text: string;
	/** The command that does the same. */
	readonly command: string;
};

export type Message = {readonly title: string; readonly lines: readonly Line[]};

/** What a screen can ask of the terminal around it. */
export type Interface = {
	readonly focusStack: FocusStack;
	readonly notify: (notice: Notice) => void;
	readonly confirm: (confirmation: Confirmation) => Promise<boolean>;
	/** @returns `undefined` when cancelled. */
	readonly askText: (question: TextQuestion) => Promise<string | undefined>;
	readonly tell: (message: Message) => void;
	/** @returns whether the operator has stored it. */
	readonly showSecret: (secret: Secret) => Promise<boolean>;
	readonly enter: (route: Route) => void;
	readonly replace: (route: Route) => void;
	readonly leave: () => void;
	readonly jump: (route: Route) => void;
	/** Of the screen that is shown; asked about before it is left. */
	readonly draft: {current: Draft | undefined};
	/** Goes on unless something would be lost; then only when that is agreed to. */
	readonly unlessLost: (go: () => void) => void;
};

export const interfaceContext = createContext<Interface | undefined>(undefined);

export const useInterface = (): Interface => {
	const value = use(interfaceContext);

	if (value === undefined) {
		throw new Error('There is no interface around this component.');
	}

	return value;
};

export const openedContext = createContext<Opened | undefined>(undefined);
