import {spawnSync} from 'node:child_process';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import test from 'ava';

const program = fileURLToPath(new URL('leave-child.js', import.meta.url));
const whenTraced = spawnSync('strace', ['-V']).status === 0 ? test : test.skip;

for (const [way, code, said] of [['by itself', 3, /^$/v], ['at once', 3, /^$/v], ['by an error', 1, /Error: This is the error\.\n.*leave-child/v]] as const) {
	whenTraced(`what loaded koffi ends ${way}, with all it had to say, where its streams cannot be flushed to their disk`, t => {
		const traced = ['-f', '-qq', '-o', '/dev/null', '-e', 'trace=fsync', '-e', 'inject=fsync:error=EIO', process.execPath, program, way];
		const {status, stdout, stderr} = spawnSync('strace', traced, {encoding: 'utf8', timeout: 60_000, killSignal: 'SIGKILL'});

		t.is(stdout, 'loaded\nleft\n');
		t.is(status, code);
		t.regex(stderr, said);
	});
}
