import {spawn, type ChildProcess} from 'node:child_process';
import {randomBytes, randomFillSync, scryptSync} from 'node:crypto';
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import process from 'node:process';
import type {ExecutionContext} from 'ava';
import type {Context} from '../source/actions/context.ts';
import {initialize} from '../source/actions/initialize.ts';
import {openContext} from '../source/actions/open-context.ts';
import type {backupToJson, entryToJson, matchToJson} from '../source/commands/backup-json.ts';
import type {taskToJson} from '../source/commands/task-json.ts';
import {KeptRunner} from './kept-runner.ts';
import {program, runLine} from './run-line.ts';
import {
	testMachine,
	type Result,
	type TestAccount,
	type TestMachine,
} from './sandbox.ts';

export type TaskDocument = ReturnType<typeof taskToJson>;
export type BackupDocument = ReturnType<typeof backupToJson> & {readonly sizeBytes: number; readonly storedBytes: number; readonly fileCount: number};
export type EntryDocument = ReturnType<typeof entryToJson>;
export type MatchDocument = ReturnType<typeof matchToJson>;

/** A server of its own, set up, with the built program to work on it. */
export type Server = {
	readonly machine: TestMachine;
	readonly state: string;
	/** For what is looked at without the program. */
	readonly context: Context;
	/** Runs a command to its end. */
	run(...line: readonly string[]): Promise<Result>;
	/** The document of a command that must end with `code`, 0 unless said otherwise. */
	json<Document>(line: readonly string[], code?: number): Promise<Document>;
	/** The same for a command that ran one task. */
	task(line: readonly string[], code?: number): Promise<TaskDocument>;

	/** Starts a command and leaves it. */
	start(...line: readonly string[]): ChildProcess;
	/** Writes files below a home, by path. */
	write(account: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void>;
	/** Waits until the runner has ended, which stays some seconds for the next task otherwise. */
	endRunner(): Promise<void>;
	/** For what has to be cleaned up after the runner has ended, such as a mount that it may be in. */
	readonly afterRunner: {teardown(clean: () => void): void};
	/** Keeps the password of a user so that it is checked in no time: it is with every line that the user enters. */
	easePassword(name: string, password: string): Promise<void>;
	/** Process id of the runner that works now, or worked last. */
	runnerPid(): Promise<number>;
};

export const setUpServer = async (t: ExecutionContext, accounts: readonly TestAccount[] = [{name: 'alice', uid: 5001}]): Promise<Server> => {
	const machine = await testMachine(t, accounts);
	const state = machine.path('state');
	const context = await openContext({stateDirectory: state, isReadOnly: false, isCreating: true});

	await context.store.update('settings', undefined, draft => {
		// Nobody else works on this server: a runner that yields would only wait for other tests.
		Object.assign(draft.values, machine.settings, {'destination.minFreeBytes': 0, 'engine.nice': 0, 'engine.ioClass': 'best-effort'});
	});
	await initialize(context, {});

	const runner = new KeptRunner(state);
	// One that still works would find its folder gone.
	t.teardown(async () => runner.release());

	const run = async (...line: readonly string[]): Promise<Result> => runner.during(async () => runLine('--state', state, ...line));

	const json = async <Document>(line: readonly string[], code = 0): Promise<Document> => {
		const {code: ended, stdout, stderr} = await run(...line, '--json');
		t.is(ended, code, `${line.join(' ')}: ${stdout}${stderr}`);

		return JSON.parse(stdout) as Document;
	};

	return {
		machine,
		state,
		context,
		run,
		json,
		task: async (line, code) => json<TaskDocument>(line, code),
		start: (...line) => spawn(process.execPath, [program, '--state', state, ...line], {stdio: ['ignore', 'pipe', 'pipe']}),
		async write(account, files) {
			for (const [path, content] of Object.entries(files)) {
				const file = join(machine.home(account), path);
				await mkdir(dirname(file), {recursive: true});
				await writeFile(file, content);
			}
		},
		afterRunner: {
			teardown(clean) {
				t.teardown(async () => {
					await runner.release();
					clean();
				});
			},
		},
		endRunner: async () => runner.release(),
		async easePassword(name, password) {
			const parameters = {cost: 16, blockSize: 8, parallelization: 1};
			const salt = randomBytes(16);
			const hash = scryptSync(password, salt, 32, parameters);
			await context.store.update('users', undefined, draft => {
				draft.users = draft.users.map(user => user.name === name
					? {
						...user, password: {
							algorithm: 'scrypt', ...parameters, salt: salt.toString('base64'), hash: hash.toString('base64'),
						},
					}
					: user);
			});
		},
		async runnerPid() {
			const text = await readFile(join(state, 'runner.lock'), 'utf8');

			return Number(text.split(' ', 1)[0]);
		},
	};
};

/** Content that neither compresses nor repeats: enough of it keeps the engine busy for a while. */
export const noise = (sizeInBytes: number): Uint8Array => randomFillSync(new Uint8Array(sizeInBytes));
