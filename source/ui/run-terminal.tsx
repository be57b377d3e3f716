import {Buffer} from 'node:buffer';
import process from 'node:process';
import {render, type Instance} from 'ink';
import type {Context} from '../actions/context.ts';
import {App} from './app.tsx';
import {createData} from './data.ts';
import type {Session} from './session.ts';

export type TerminalEnd = {
	/** What was copied, to be printed on the main screen. */
	readonly commands: readonly string[];
	/** The signal that ended it, if one did. */
	readonly signal: NodeJS.Signals | undefined;
};

const endingSignals = ['SIGTERM', 'SIGHUP', 'SIGINT'] as const;

/** Draws until it is ended by the operator, a signal, or an error that was told to the session or thrown while drawing. */
export const runTerminal = async (context: Context, isSigningIn: boolean): Promise<TerminalEnd> => {
	const data = createData(context);
	const commands: string[] = [];
	const bugs: unknown[] = [];
	const signals: NodeJS.Signals[] = [];
	const server = await data.machineName();

	const session: Session = {
		data,
		actor: context.actor,
		server,
		isReadOnly: context.isReadOnly,
		isSigningIn,
		now: () => context.clock.now(),
		copy(command) {
			commands.push(command);
			process.stdout.write(`\u{1B}]52;c;${Buffer.from(command).toString('base64')}\u{7}`);
		},
		end(...errors) {
			bugs.push(...errors);
			instance?.unmount();
		},
		asked: new Set(),
		cleared: new Set(),
		baskets: new Map(),
		itemTicks: new Map(),
		totals: new Map(),
	};

	let instance: Instance | undefined;

	const stopListening = listen({
		onSignal(signal) {
			signals.push(signal);
			instance?.unmount();
		},
		onBug: session.end,
	});

	try {
		instance = render(<App session={session}/>, {
			alternateScreen: true,
			incrementalRendering: true,
			exitOnCtrlC: false,
			maxFps: 60,
		});
		await instance.waitUntilExit();
	} finally {
		stopListening();
	}

	if (bugs.length > 0) {
		throw bugs[0];
	}

	return {commands, signal: signals[0]};
};

type EndListener = {
	readonly onSignal: (signal: NodeJS.Signals) => void;
	readonly onBug: (error: unknown) => void;
};

/** A signal ends the terminal as `q` does; a bug anywhere gives the screen back first, so that it can be read. */
const listen = ({onSignal, onBug}: EndListener): (() => void) => {
	for (const signal of endingSignals) {
		process.on(signal, onSignal);
	}

	process.on('uncaughtException', onBug);
	process.on('unhandledRejection', onBug);

	return () => {
		for (const signal of endingSignals) {
			process.off(signal, onSignal);
		}

		process.off('uncaughtException', onBug);
		process.off('unhandledRejection', onBug);
	};
};
