import {Buffer} from 'node:buffer';
import process from 'node:process';
import {render, type Instance} from 'ink';
import type {Context} from '../actions/context.ts';
import {App} from './app.tsx';
import {createData} from './data.ts';
import {KeyMemory} from './key-memory.ts';
import {SignInScreen} from './screens/sign-in/sign-in-screen.tsx';
import type {Session} from './session.ts';
import type {TerminalStart} from './start.ts';

export type TerminalEnd = {
	/** What was copied, to be printed on the main screen. */
	readonly commands: readonly string[];
	/** Who was asked to sign in left. */
	readonly hasLeft: boolean;
	/** The signal that ended it, if one did. */
	readonly signal: NodeJS.Signals | undefined;
};

export type TerminalOptions = {readonly isSigningIn: boolean; readonly onFrame: (() => void) | undefined};

const endingSignals = ['SIGTERM', 'SIGHUP', 'SIGINT'] as const;

/** Draws until it is ended by the operator, a signal, or an error that was told to the session or thrown while drawing. */
export const runTerminal = async (start: TerminalStart, {isSigningIn, onFrame}: TerminalOptions): Promise<TerminalEnd> => {
	const commands: string[] = [];
	const bugs: unknown[] = [];
	const signals: NodeJS.Signals[] = [];
	const endings: Array<() => void> = [];
	let hasLeft = false;
	let instance: Instance | undefined;

	const end = (...errors: readonly unknown[]): void => {
		bugs.push(...errors);
		instance?.unmount();
	};

	const openApp = async (context: Context) => {
		const session = await startSession(context, {
			isSigningIn,
			commands,
			end,
			onEnd(act) {
				endings.push(act);
			},
		});

		return <App session={session}/>;
	};

	const ask = ({name, signIn}: Extract<TerminalStart, {type: 'asked'}>) => (
		<SignInScreen
			name={name}
			onBug={end}
			onLeave={() => {
				hasLeft = true;
				end();
			}}
			onSignIn={async credentials => {
				const app = await openApp(await signIn(credentials));
				instance?.rerender(app);
			}}
		/>
	);

	const first = start.type === 'known' ? await openApp(start.context) : ask(start);

	const stopListening = listen({
		onSignal(signal) {
			signals.push(signal);
			instance?.unmount();
		},
		onBug: end,
	});

	try {
		instance = render(first, {
			alternateScreen: true,
			incrementalRendering: true,
			exitOnCtrlC: false,
			maxFps: 60,
			...onFrame && {onRender: onFrame},
		});
		await instance.waitUntilExit();
	} finally {
		stopListening();

		for (const act of endings) {
			act();
		}
	}

	if (bugs.length > 0) {
		throw bugs[0];
	}

	return {commands, hasLeft, signal: signals[0]};
};

type SessionOptions = {readonly isSigningIn: boolean; readonly commands: string[]; readonly end: Session['end']; readonly onEnd: (act: () => void) => void};

const startSession = async (context: Context, {isSigningIn, commands, end, onEnd}: SessionOptions): Promise<Session> => {
	const keyMemory = new KeyMemory(() => context.clock.now());
	const data = createData(context, keyMemory);
	onEnd(() => {
		keyMemory.forget();
	});

	return {
		data,
		keyMemory,
		actor: context.actor,
		server: await data.machineName(),
		isReadOnly: context.isReadOnly,
		isSigningIn,
		now: () => context.clock.now(),
		copy(command) {
			commands.push(command);
			process.stdout.write(`\u{1B}]52;c;${Buffer.from(command).toString('base64')}\u{7}`);
		},
		end,
		asked: new Set(),
		cleared: new Set(),
		baskets: new Map(),
		itemTicks: new Map(),
		totals: new Map(),
	};
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
