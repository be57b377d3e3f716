import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import process from 'node:process';
import test from 'ava';
import {runTool} from '../../source/system/run-tool.ts';
import {temporaryFolder} from '../sandbox.ts';

const child = fileURLToPath(new URL('tool-child.js', import.meta.url));

test('what a program said, and its status, whatever its end', async t => {
	const {status, output, complaint} = (await runTool('/bin/sh', ['-c', 'cat; echo no >&2; exit 3'], {input: new TextEncoder().encode('yes')}))!;
	t.deepEqual([status, output.toString(), complaint], [3, 'yes', 'no']);
	t.is(await runTool('/no/such/program', []), undefined);
});

test('who gives up a program is not held by what that has started', async t => {
	const file = join(await temporaryFolder(t), 'pid');
	t.teardown(() => {
		process.kill(Number(readFileSync(file, 'utf8')), 'SIGKILL');
	});

	// The limit ends it with a signal, which throws.
	t.is(execFileSync(process.execPath, [child, file], {timeout: 30_000, encoding: 'utf8'}), 'AbortError');
});
