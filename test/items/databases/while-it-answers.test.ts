import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createInterface} from 'node:readline';
import {setTimeout as pause} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {whileItAnswers} from '../../../source/items/databases/while-it-answers.ts';

const waitMs = 2000;

/** A program that gives back each line, as long as it is not stopped. */
const startServer = (t: ExecutionContext) => {
	const server = spawn('cat', [], {stdio: ['pipe', 'pipe', 'inherit']});
	t.teardown(() => server.kill('SIGKILL'));
	const lines = createInterface({input: server.stdout});
	let asked = 0;

	return {
		stop: () => server.kill('SIGSTOP'),
		asked: () => asked,
		async ask(signal: AbortSignal) {
			server.stdin.write('alive?\n');
			await once(lines, 'line', {signal: AbortSignal.any([signal, AbortSignal.timeout(waitMs)])});
			asked++;
		},
	};
};

const untilAsked = async (server: {readonly asked: () => number}, times: number): Promise<void> => {
	while (server.asked() < times) {
		await pause(1);
	}
};

/** Work that waits for ever, as a client of a stuck server does. */
const waitForEver = async (signal: AbortSignal): Promise<never> => {
	await once(signal, 'abort');
	throw new Error('the client was ended');
};

test('work of a server that is stopped in the middle is ended, and it is told why', async t => {
	const server = startServer(t);

	await t.throwsAsync(whileItAnswers({ask: server.ask, signal: new AbortController().signal, everyMs: 1}, async signal => {
		await untilAsked(server, 3);
		server.stop();

		return waitForEver(signal);
	}), {message: 'the server stopped answering while it was imported'});
});

test('work that ends is not held up by a question, nor failed by one that nobody answers any more', async t => {
	const server = startServer(t);
	const options = {ask: server.ask, signal: new AbortController().signal, everyMs: 1};

	t.is(await whileItAnswers(options, async () => {
		await untilAsked(server, 2);
		server.stop();

		return 'done';
	}), 'done');
	await t.throwsAsync(whileItAnswers(options, async () => {
		throw new Error('a wrong statement');
	}), {message: 'a wrong statement'});
});

test('who aborts ends the work', async t => {
	const server = startServer(t);
	const abortion = new AbortController();
	const work = whileItAnswers({ask: server.ask, signal: abortion.signal, everyMs: 1}, waitForEver);
	abortion.abort();
	await t.throwsAsync(work, {message: 'the client was ended'});
});
