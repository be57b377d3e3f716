/** The test command: lint, unused code, build, and all tests; closes with one line that counts them. */
import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync, statfsSync} from 'node:fs';
import process from 'node:process';

const steps = [
	{name: 'build', command: 'npm', values: ['run', '--silent', 'build']},
	{name: 'types', command: 'npm', values: ['run', '--silent', 'compile']},
	{name: 'threads', command: 'node', values: ['.config/bundle-threads.ts']},
	{name: 'unused code', command: 'knip', values: []},
] as const;

/** Takes minutes on one core, and so goes on beside all else; told at the end. Only errors: a screenful of warnings would hide which test failed. */
const lintStep = {name: 'lint', command: 'npm', values: ['run', '--silent', 'lint', '--', '--quiet']} as const;

/** No step takes half of it; what does not end by itself is ended, so that the run always says how it went. */
const longestMs = 60 * 60_000;

const memoryDisk = '/dev/shm';
const enoughBytes = 4 * (2 ** 30);

/** Half of the time goes to waiting for a disk to make durable what is thrown away: where there is enough memory, tests work in it, if it keeps what they store. */
const chooseFolder = (): string | undefined => {
	if (process.env['TMPDIR'] !== undefined) {
		return undefined;
	}

	try {
		const {bavail, bsize} = statfsSync(memoryDisk);
		const probe = mkdtempSync(`${memoryDisk}/holdfast-test-`);
		const isKept = spawnSync('setfattr', ['-n', 'user.holdfast', '-v', 'x', probe]).status === 0 && spawnSync('setfacl', ['-m', 'u:65534:r', probe]).status === 0;
		rmSync(probe, {recursive: true});

		return isKept && bavail * bsize >= enoughBytes ? memoryDisk : undefined;
	} catch {
		// There is none that may be written to.
		return undefined;
	}
};

const folder = chooseFolder();
// eslint-disable-next-line @typescript-eslint/naming-convention -- the system's word
const env = {...process.env, ...folder !== undefined && {TMPDIR: folder}};

type Step = {readonly command: string; readonly values: readonly string[]};
type StepResult = {readonly code: number; readonly output: string};

/** `tell` is given what it prints. */
const run = async ({command, values}: Step, tell: (text: string) => void): Promise<StepResult> => {
	const child = spawn(command, values, {
		env, stdio: ['ignore', 'pipe', 'inherit'], timeout: longestMs, killSignal: 'SIGKILL',
	});
	const closed = once(child, 'close') as Promise<[number | null]>;
	let output = '';

	for await (const chunk of child.stdout.setEncoding('utf8') as AsyncIterable<string>) {
		output += chunk;
		tell(chunk);
	}

	const [code] = await closed;

	if (child.signalCode !== null) {
		tell(`${command} ${values.join(' ')} was ended by ${child.signalCode}.\n`);
	}

	return {code: code ?? 1, output};
};

/** The number before a word in AVA's summary, such as `412 tests passed`. */
const count = (output: string, word: string): number => Number(new RegExp(String.raw`^\s+(?<count>\d+) (?:tests?|known failures?|uncaught exceptions?|unhandled rejections?|test files?) ${word}`, 'mv').exec(output)?.groups?.['count'] ?? 0);

const write = (text: string): void => {
	process.stdout.write(text);
};

let failedSteps = 0;

const judge = ({name}: {readonly name: string}, {code}: StepResult): void => {
	if (code === 0) {
		return;
	}

	failedSteps++;
	write(`${name}: failed\n`);
};

let linted = '';
const linting = run(lintStep, text => {
	linted += text;
});

for (const step of steps) {
	write(`\n${step.name}\n`);
	judge(step, await run(step, write));
}

const {code, output} = await run({command: 'ava', values: process.argv.slice(2)}, write);
const lintResult = await linting;
write(`\n${lintStep.name}\n${linted}`);
judge(lintStep, lintResult);
// AVA counts what passed only where nothing failed.
const passed = output.match(/^ {2}✔ /gmv)?.length ?? 0;
const skipped = count(output, 'skipped');
// A test file that crashes or times out fails the run without counting as a test.
const failed = Math.max(count(output, 'failed'), code === 0 ? 0 : 1) + failedSteps;
const isSkipFailure = process.env['CI'] !== undefined && skipped > 0;

if (isSkipFailure) {
	process.stdout.write(`${skipped} tests were skipped, which a CI run must not do: install what they need (.ci/run).\n`);
}

const skipFailures = isSkipFailure ? skipped : 0;
const skippedPart = skipped > skipFailures ? `, ${skipped} skipped` : '';

for (const line of output.match(/^ {2}✘ .*/gmv) ?? []) {
	write(`${line}\n`);
}

process.stdout.write(`${passed} passed, ${failed + skipFailures} failed${skippedPart}\n`);
process.exitCode = failed + skipFailures > 0 ? 1 : 0;
