/** Gives up a program as soon as that has started another one, which goes on for long and holds what the program wrote to. */
import {existsSync} from 'node:fs';
import process from 'node:process';
import {setTimeout as pause} from 'node:timers/promises';
import {runTool} from '../../source/system/run-tool.ts';

const file = process.argv[2]!;
const abortion = new AbortController();
const run = runTool('/bin/sh', ['-c', 'sleep 1000 & echo $! > "$0.new"; mv "$0.new" "$0"; wait', file], {signal: abortion.signal});

while (!existsSync(file)) {
	await pause(1);
}

abortion.abort();

try {
	await run;
} catch (error) {
	process.stdout.write((error as Error).name);
}
