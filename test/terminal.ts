import {Buffer} from 'node:buffer';
import {join} from 'node:path';
import process from 'node:process';
import {spawn, type IPty} from '@lydell/node-pty';
import xterm from '@xterm/headless';
import type {ExecutionContext} from 'ava';

// Tests and scripts run from the top of the checkout.
const program = join(process.cwd(), 'dist', 'holdfast.js');
const waitMs = 60_000;
const frameStart = '\u{1B}[?2026h';
const frameEnd = '\u{1B}[?2026l';

const keys: Readonly<Record<string, string>> = {
	enter: '\r',
	escape: '\u{1B}',
	space: ' ',
	tab: '\t',
	backspace: '\u{7F}',
	up: '\u{1B}[A',
	down: '\u{1B}[B',
	right: '\u{1B}[C',
	left: '\u{1B}[D',
	home: '\u{1B}[H',
	end: '\u{1B}[F',
	pageup: '\u{1B}[5~',
	pagedown: '\u{1B}[6~',
	'ctrl-c': '\u{3}',
	'ctrl-u': '\u{15}',
};

/** `NAME=value`, as `env` takes them. */
export const environmentOf = (...settings: readonly string[]): Readonly<Record<string, string>> =>
	Object.fromEntries(settings.map(setting => [setting.slice(0, setting.indexOf('=')), setting.slice(setting.indexOf('=') + 1)]));

const plainEnvironment = [`PATH=${process.env.PATH ?? ''}`, `HOME=${process.env.HOME ?? '/'}`, 'LANG=C.UTF-8', 'TZ=UTC'];

export type TerminalOptions = {
	readonly columns?: number;
	readonly rows?: number;
	/** `NAME=value`, beside a plain one. */
	readonly environment?: readonly string[];
	/** A shell command that is run in the terminal after the program. */
	readonly afterwards?: string;
};

export type Ending = {readonly exitCode: number; readonly signal: number | undefined};

export type Condition = string | RegExp | ((text: string) => boolean);

/** The real program in a terminal of its own: what is pressed goes in as bytes, what is seen is what an xterm shows. */
export class Terminal {
	readonly #pty: IPty;
	readonly #screen: InstanceType<typeof xterm.Terminal>;
	readonly #watchers = new Set<() => void>();
	#isInFrame = false;
	/** The end of what came last: a mark may arrive in two parts. */
	#tail = '';
	readonly #ended: Promise<Ending>;
	/** Bytes written by the program so far. */
	byteCount = 0;
	hasEnded = false;
	/** All that was written, for what a screen does not show. */
	output = '';

	constructor(line: readonly string[], {columns = 80, rows = 24, environment = [], afterwards}: TerminalOptions = {}) {
		this.#screen = new xterm.Terminal({
			cols: columns, rows, allowProposedApi: true, scrollback: 200,
		});
		const env = environmentOf(...plainEnvironment, ...environment);
		this.#pty = spawn(...commandOf(line, afterwards), {
			name: env.TERM ?? 'xterm-256color', cols: columns, rows, env,
		});
		this.#pty.onData(data => {
			this.#isInFrame = isFrameOpen(this.#isInFrame, this.#tail + data);
			this.#tail = (this.#tail + data).slice(1 - frameStart.length);
			const isWhole = !this.#isInFrame;
			this.byteCount += Buffer.byteLength(data);
			this.output += data;
			this.#screen.write(data, () => {
				if (isWhole) {
					this.#look();
				}
			});
		});
		this.#ended = new Promise(resolve => {
			this.#pty.onExit(({exitCode, signal}) => {
				// The last output may still be on its way through the screen.
				this.#screen.write('', () => {
					this.#look();
					this.hasEnded = true;
					resolve({exitCode, signal});
				});
			});
		});
	}

	#look(): void {
		for (const look of this.#watchers) {
			look();
		}
	}

	get pid(): number {
		return this.#pty.pid;
	}

	/** The rows of the screen without the spaces at their ends. */
	get lines(): readonly string[] {
		const {active} = this.#screen.buffer;

		return Array.from({length: this.#screen.rows}, (_, row) => active.getLine(active.viewportY + row)?.translateToString(true) ?? '');
	}

	get text(): string {
		return this.lines.join('\n');
	}

	/** The other screen: that of programs that give the first one back. */
	get isAlternate(): boolean {
		return this.#screen.buffer.active.type === 'alternate';
	}

	get size(): {readonly columns: number; readonly rows: number} {
		return {columns: this.#screen.cols, rows: this.#screen.rows};
	}

	get buffer(): InstanceType<typeof xterm.Terminal>['buffer']['active'] {
		return this.#screen.buffer.active;
	}

	/** Keys by name, or as themselves. */
	press(...names: readonly string[]): void {
		for (const name of names) {
			this.#pty.write(keys[name] ?? name);
		}
	}

	/** As a terminal that marks pastes sends them. */
	paste(text: string): void {
		this.#pty.write(`\u{1B}[200~${text}\u{1B}[201~`);
	}

	resize(columns: number, rows: number): void {
		this.#screen.resize(columns, rows);
		this.#pty.resize(columns, rows);
	}

	/** Resolves with the screen as soon as the condition holds; fails with the screen as it is when it does not in time. */
	async shows(condition: Condition): Promise<string> {
		return new Promise((resolve, reject) => {
			const timer = setTimeout(() => {
				this.#watchers.delete(look);
				reject(new Error(`The screen does not show ${String(condition)}:\n${this.text}`));
			}, waitMs);

			const look = () => {
				if (!isMet(condition, this.text)) {
					return;
				}

				clearTimeout(timer);
				this.#watchers.delete(look);
				resolve(this.text);
			};

			this.#watchers.add(look);
			look();
		});
	}

	/** Resolves when the program has ended; fails with the screen as it is when it does not in time. */
	async ends(): Promise<Ending> {
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise<never>((_resolve, reject) => {
			timer = setTimeout(() => {
				reject(new Error(`The program does not end:\n${this.text}`));
			}, waitMs);
		});

		try {
			return await Promise.race([this.#ended, late]);
		} finally {
			clearTimeout(timer);
		}
	}

	kill(signal?: string): void {
		this.#pty.kill(signal);
	}
}

/** Opens the terminal of the built program; it is gone after the test. */
export const terminal = (t: ExecutionContext, line: readonly string[], options?: TerminalOptions): Terminal => {
	const opened = new Terminal(line, options);
	t.teardown(async () => {
		if (opened.hasEnded) {
			return;
		}

		opened.kill('SIGKILL');
		await opened.ends();
	});

	return opened;
};

const commandOf = (line: readonly string[], afterwards: string | undefined): [string, string[]] => afterwards === undefined
	? [process.execPath, [program, ...line]]
	: ['/bin/sh', ['-c', `"$@"; echo "ended with $?"; ${afterwards}`, 'sh', process.execPath, program, ...line]];

/** Frames come between marks; half of one is nothing to judge. */
const isFrameOpen = (isOpen: boolean, data: string): boolean => {
	const [started, ended] = [data.lastIndexOf(frameStart), data.lastIndexOf(frameEnd)];

	return started === ended ? isOpen : started > ended;
};

const isMet = (condition: Condition, text: string): boolean => {
	if (typeof condition === 'string') {
		return text.includes(condition);
	}

	return typeof condition === 'function' ? condition(text) : condition.test(text);
};
