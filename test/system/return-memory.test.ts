import {execFileSync} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import process from 'node:process';
import test from 'ava';

test('what is not needed any more goes back to the system when nothing happens', t => {
	const child = fileURLToPath(new URL('memory-child.js', import.meta.url));
	t.is(execFileSync(process.execPath, [child], {encoding: 'utf8', timeout: 30_000}), 'shrank');
});
