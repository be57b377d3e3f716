/** Runs the programs behind items: by an array of arguments, with a clean environment, and never through a shell. */
import {Buffer} from 'node:buffer';
import {spawn, type ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {toBytes, type RawPath} from '../domain/raw-name.ts';

export type ToolRun = {
	/** What it reads; nothing unless given. */
	readonly input?: Uint8Array | undefined;
	/** Open files that it reads from and writes to instead. */
	readonly inputFd?: number | undefined;
	readonly outputFd?: number | undefined;
	/** As whom it runs; ourselves unless given. */
	readonly user?: {readonly uid: number; readonly gid: number} | undefined;
	/** Ends it. */
	readonly signal?: AbortSignal | undefined;
};

export type ToolResult = {
	/** Exit status; 128 and more for one that a signal ended. */
	readonly status: number;
	readonly output: Buffer;
	/** What it said, trimmed; at most the last 2,000 characters. */
	readonly complaint: string;
};

/** More than any of these tools has to say: dumps are written to files. */
const maxOutput = 64 << 20;

/** Where tools are looked for, whatever the caller's own path is. */
export const toolFolders: readonly string[] = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

const environment = Object.fromEntries([['PATH', toolFolders.join(':')], ['LC_ALL', 'C'], ['HOME', '/nonexistent']]);

/**
Runs a program, with raw arguments, to its end, whatever its end; `undefined` where there is no such program. Throws when it cannot be started, says too much, or was ended by the signal.
*/
export const runTool = async (program: string, line: readonly RawPath[], {input, inputFd, outputFd, user, signal}: ToolRun = {}): Promise<ToolResult | undefined> => {
	signal?.throwIfAborted();
	const child = spawn(program, line.map(argument => toArgument(argument)), {
		stdio: [inputFd ?? 'pipe', outputFd ?? 'pipe', 'pipe'], env: environment, cwd: '/', ...signal && {signal}, ...user,
	});
	const output: Buffer[] = [];
	let length = 0;
	let complaint = '';
	child.stdout?.on('data', (chunk: Buffer) => {
		length += chunk.length;

		if (length > maxOutput) {
			child.kill('SIGKILL');
		} else {
			output.push(chunk);
		}
	});
	child.stderr?.on('data', (chunk: Buffer) => {
		complaint = (complaint + chunk.toString('latin1')).slice(-2000);
	});
	// One that ends without reading all it was given says why by its status.
	child.stdin?.on('error', () => undefined);
	child.stdin?.end(input);

	try {
		const [code, ending] = await once(child, 'close') as [number | null, string | null];

		if (length > maxOutput) {
			throw new Error(`${program} said more than ${maxOutput} bytes`);
		}

		return {status: code ?? (ending === null ? 1 : 128), output: Buffer.concat(output), complaint: complaint.trim()};
	} catch (error) {
		letGo(child);

		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return undefined;
		}

		throw error;
	}
};

/** What it has started itself may hold its pipes for ever: nobody listens any more. */
const letGo = (child: ChildProcess): void => {
	for (const stream of [child.stdin, child.stdout, child.stderr]) {
		stream?.destroy();
	}

	child.unref();
};

/** Node's arguments are text: a byte that is no text cannot be said, and is not said wrongly. */
const toArgument = (raw: RawPath): string => {
	const text = Buffer.from(toBytes(raw)).toString();

	if (Buffer.from(text).toString('latin1') !== raw || text.includes('\0')) {
		throw new Error('a name that is not UTF-8 cannot be given to a program');
	}

	return text;
};
