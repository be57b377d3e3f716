/**
Lines of the built program, carried out in the process of the test: starting a process for each took half of the time of all tests. With OWN_PROCESSES set each has its
own (`npm run torture`), as it has in every test that calls the program by its path or in a terminal.
*/
import {AsyncLocalStorage} from 'node:async_hooks';
import {Buffer} from 'node:buffer';
import {join} from 'node:path';
import process from 'node:process';
import {runProgram, type Result} from './sandbox.ts';

/** The program as it is shipped. */
export const program = join(import.meta.dirname, '..', '..', 'dist', 'holdfast.js');

export const hasOwnProcesses = process.env.OWN_PROCESSES !== undefined;

type Told = Readonly<Record<'stdout' | 'stderr', Uint8Array[]>>;
type Write = (chunk: string | Uint8Array, ...rest: readonly unknown[]) => boolean;
type CommandLine = {readonly runLine: (line: readonly string[], interruption: () => AbortSignal) => Promise<number>};

const telling = new AsyncLocalStorage<Told>();

/** What is written on behalf of a line is its own, whatever else goes on in this process. */
const captureOutput = (): void => {
	for (const name of ['stdout', 'stderr'] as const) {
		const stream = process[name] as unknown as {write: Write};
		const write = stream.write.bind(stream);

		stream.write = (chunk, ...rest) => {
			const told = telling.getStore();

			if (told === undefined) {
				return write(chunk, ...rest);
			}

			told[name].push(Buffer.from(chunk as string));

			return true;
		};
	}
};

let loading: Promise<CommandLine> | undefined;

const load = async (): Promise<CommandLine> => {
	captureOutput();

	return await import(join(program, '..', 'command-line.js')) as CommandLine;
};

/** Runs a line to its end, whatever its end. */
export const runLine = async (...line: readonly string[]): Promise<Result> => {
	if (hasOwnProcesses) {
		return runProgram(process.execPath, program, ...line);
	}

	loading ??= load();
	const commandLine = await loading;
	const told: Told = {stdout: [], stderr: []};
	const {signal} = new AbortController();
	const code = await telling.run(told, async () => commandLine.runLine(line, () => signal));
	const [stdout, stderr] = [told.stdout, told.stderr].map(chunks => Buffer.concat(chunks).toString());

	return {code, stdout: stdout!, stderr: stderr!};
};
