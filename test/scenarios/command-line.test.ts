import {
	readFile,
	stat,
	truncate,
	writeFile,
} from 'node:fs/promises';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {openStore} from '../../source/state/open-store.ts';
import {
	runProgram,
	testMachine,
	type Result,
	type TestMachine,
} from '../sandbox.ts';
import {program} from '../run-line.ts';

/** As an operator would: each line a process. */
const holdfast = async (...line: readonly string[]): Promise<Result> => runProgram(process.execPath, program, ...line);

type Sandbox = {readonly machine: TestMachine; readonly run: (...line: readonly string[]) => Promise<Result>};

/** A machine of its own with two accounts, set up or not. */
const sandbox = async (t: ExecutionContext, {isSetUp = true} = {}): Promise<Sandbox> => {
	const machine = await testMachine(t, [{name: 'alice', uid: 1001}, {name: 'bob', uid: 1002, password: '!$6$x'}]);
	const store = await openStore({directory: machine.path('state'), isReadOnly: false, isCreating: true});
	await store.update('settings', undefined, draft => {
		Object.assign(draft.values, machine.settings);
	});
	const run = async (...line: readonly string[]): Promise<Result> => holdfast('--state', machine.path('state'), ...line);

	if (isSetUp) {
		const {code, stderr} = await run('init', '--yes', '--recovery-key-out', machine.path('recovery-key'));
		t.is(code, 0, stderr);
	}

	return {machine, run};
};

const document = ({stdout}: Result): Record<string, unknown> => JSON.parse(stdout) as Record<string, unknown>;
const errorOf = ({stderr}: Result): {code: string; message: string; hint: string | null} => {
	const {error} = JSON.parse(stderr) as {error: {code: string; message: string; hint: string | null}};

	return error;
};

const accountFields = ['uuid', 'name', 'uid', 'gid', 'home', 'status', 'type', 'owner', 'email', 'tags', 'priorityGroup', 'maxOnDemand', 'excludes', 'domains', 'databases', 'mailboxes', 'encryption', 'leftOutOf', 'backupCount', 'lastBackupAt', 'storedBytes'];

test('the first set-up', async t => {
	const {machine, run} = await sandbox(t, {isSetUp: false});
	const early = await run('account', 'list');
	t.is(early.code, 5);
	t.regex(early.stderr, /not set up.*\n.*holdfast init.*holdfast demo/v);

	const asked = await run('init');
	t.is(asked.code, 2);
	t.regex(asked.stderr, /--yes/v);

	const made = await run('init', '--yes', '--recovery-key-out', machine.path('recovery-key'), '--json');
	t.is(made.code, 0);
	t.is(made.stderr, '');
	t.like(document(made), {
		job: 'nightly', accountCount: 2, recoveryKey: null, recoveryKeyFile: machine.path('recovery-key'),
	});
	const {mode} = await stat(machine.path('recovery-key'));
	t.is(mode & 0o777, 0o600);
	const paper = await readFile(machine.path('recovery-key'), 'utf8');
	t.is(paper.match(/^[1-4]: .{19}$/gmv)?.length, 4);

	const again = await run('init', '--yes');
	t.is(again.code, 4);
	t.regex(again.stderr, /set up .* already/v);
});

test('a destination in somebody else\'s home is refused', async t => {
	const {machine, run} = await sandbox(t, {isSetUp: false});
	const {code, stderr} = await run('init', '--yes', '--destination', `${machine.home('alice')}/vault`);
	t.is(code, 4);
	t.regex(stderr, /lies in the home of alice/v);
	const made = await run('init', '--yes');
	t.is(made.code, 0, made.stderr);
});

test('accounts: fields, settings, names that do not exist', async t => {
	const {run} = await sandbox(t);
	const listed = await run('account', 'list', '--json');
	const {accounts, hiddenCount} = document(listed) as {accounts: Array<Record<string, unknown>>; hiddenCount: number};

	t.is(hiddenCount, 2);
	t.deepEqual(accounts.map(({name, status}) => [name, status]), [['alice', 'active'], ['bob', 'suspended']]);
	t.deepEqual(Object.keys(accounts[0]!), accountFields);

	const set = await run('account', 'set', 'alice', '--email', 'a@example.com', '--add-exclude', '*.{log,tmp},cache', '--json');
	t.is(set.code, 0);
	t.like(document(set), {email: 'a@example.com', excludes: ['*.{log,tmp}', 'cache']});
	const shown = await run('account', 'show', 'alice', '--json');
	t.deepEqual(document(shown), document(set));
	t.deepEqual(Object.keys(document(shown)), accountFields);

	const unknown = await run('account', 'show', 'carol', '--json');
	t.is(unknown.code, 5);
	t.is(unknown.stdout, '');
	t.like(errorOf(unknown), {code: 'notFound', message: 'There is no account "carol".'});
	const hostile = await run('account', 'show', 'a\u{1B}[2Jb');
	t.regex(hostile.stderr, /"a\\x1b\[2Jb"/v);
	const bad = await run('account', 'set', 'alice', '--email', 'nobody');
	t.is(bad.code, 2);
	const readOnly = await run('--read-only', 'account', 'set', 'alice', '--email', 'none');
	t.is(readOnly.code, 4);
	t.regex(readOnly.stderr, /read-only/v);
});

test('settings', async t => {
	const {run} = await sandbox(t);
	const set = await run('setting', 'set', 'destination.minFreeBytes', '2GiB', '--json');

	t.like(document(set), {
		key: 'destination.minFreeBytes', value: 2 * (1024 ** 3), default: 1024 ** 3, unit: 'bytes', isDefault: false,
	});
	const got = await run('setting', 'get', 'destination.minFreeBytes');
	t.is(got.stdout, '2147483648\n');
	const reset = await run('setting', 'set', 'destination.minFreeBytes', 'default', '--json');
	t.like(document(reset), {value: 1024 ** 3, isDefault: true});
	const {settings} = document(await run('setting', 'list', '--json')) as {settings: Array<{key: string}>};
	t.true(settings.some(({key}) => key === 'queue.backupLanes'));
	const bad = await run('setting', 'set', 'queue.backupLanes', '11');
	t.is(bad.code, 2);
	t.regex(bad.stderr, /from 1 to 10/v);
	const unknown = await run('setting', 'get', 'no.such');
	t.is(unknown.code, 5);
});

test('status and doctor', async t => {
	const {machine, run} = await sandbox(t);
	const sound = await run('status', '--json');
	t.is(sound.code, 0, sound.stdout);
	t.like(document(sound), {
		problems: [], accounts: {
			active: 1, suspended: 1, orphans: 0, hidden: 2, withoutBackup: 2,
		},
	});
	const doctor = await run('doctor', '--json');
	const {checks} = document(doctor) as {checks: Array<{name: string; status: string}>};
	t.is(checks.find(({name}) => name === 'state')?.status, 'ok');

	await writeFile(machine.path('passwd'), '');
	const troubled = await run('status');
	t.is(troubled.code, 3);
	t.regex(troubled.stdout, /^1 problem:\n {2}! The accounts cannot be read/v);
	const worried = await run('doctor');
	t.is(worried.code, 3);
});

test('a destination that is not mounted', async t => {
	const {machine, run} = await sandbox(t);
	const ready = await run('destination', 'check', '--json');
	t.is(ready.code, 0);
	t.like(document(ready), {
		name: 'local', status: 'ready', folder: machine.path('state', 'vault'), jobs: ['nightly'],
	});
	await truncate(machine.path('state', 'vault', 'vault.json'));
	const damaged = await run('destination', 'check');
	t.is(damaged.code, 1);
});

test('a damaged state file ends with 7 and is left as it is', async t => {
	const {machine, run} = await sandbox(t);
	await run('setting', 'set', 'queue.backupLanes', '2');
	await writeFile(machine.path('state', 'settings.json'), '{"version": 1, ');

	for (const line of [['account', 'list'], ['setting', 'set', 'queue.backupLanes', '3'], ['status']]) {
		const {code, stderr} = await run(...line);
		t.is(code, 7, line.join(' '));
		t.regex(stderr, /settings\.json is damaged.*\n.*cp -p/v);
	}

	t.is(await readFile(machine.path('state', 'settings.json'), 'utf8'), '{"version": 1, ');
	const doctor = await run('doctor');
	t.is(doctor.code, 3);
	t.regex(doctor.stdout, /settings\.json is damaged/v);
});

test('help, version, and lines that mean nothing', async t => {
	const version = await holdfast('--version');
	const {version: expected} = JSON.parse(await readFile('package.json', 'utf8')) as {version: string};
	t.is(version.stdout, `holdfast ${expected}\n`);

	const help = await holdfast('--help');
	t.is(help.code, 0);
	t.regex(help.stdout, /account list .*\n/v);
	const group = await holdfast('account', '--help');
	t.regex(group.stdout, /account set/v);
	const command = await holdfast('account', 'set', '--help', '--state', '/nonexistent');
	t.is(command.code, 0);
	t.regex(command.stdout, /--add-exclude GLOB[\s\S]*With --json[\s\S]*Examples:\n {2}holdfast account set/v);

	const wrong = await holdfast('account', 'lst', '--json');
	t.is(wrong.code, 2);
	t.like(errorOf(wrong), {code: 'usage', hint: 'Did you mean "holdfast account list"? See all with "holdfast --help".'});
	const option = await holdfast('account', 'list', '--srot', 'name');
	t.is(option.code, 2);
	t.regex(option.stderr, /--sort/v);
	const nothing = await holdfast();
	t.is(nothing.code, 2);
	t.regex(nothing.stderr, /need a terminal/v);
});

test('every command has a help of at most 80 columns, with examples', async t => {
	const {commands} = await import('../../source/commands/commands.ts');
	const {describeAll, describeCommand} = await import('../../source/commands/help.ts');

	for (const entry of commands) {
		const help = describeCommand(entry, await entry.load());
		t.regex(help, /Examples:\n {2}holdfast/v, entry.name);
		t.deepEqual(help.split('\n').filter(line => line.length > 80 && !line.startsWith('  holdfast')), [], entry.name);
	}

	t.deepEqual(describeAll(commands).split('\n').filter(line => line.length > 80), []);
});

(process.geteuid!() === 0 ? test : test.skip)('somebody else\'s state directory is refused', async t => {
	const {chown} = await import('node:fs/promises');
	const {machine, run} = await sandbox(t);
	await chown(machine.path('state'), 12_345, 12_345);
	const refused = await run('account', 'list', '--json');

	t.is(refused.code, 4);
	t.regex(errorOf(refused).message, /belongs to user id 12345/v);
});
