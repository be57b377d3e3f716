import {once} from 'node:events';
import {readFile} from 'node:fs/promises';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import type {decisionToJson} from '../../source/commands/describe-retention.ts';
import {watchTasks} from '../../source/actions/watch-tasks.ts';
import type {StatusView} from '../../source/actions/status.ts';
import {isUnfinished} from '../../source/domain/task-state.ts';
import {runProgram} from '../sandbox.ts';
import {setUpServer, type BackupDocument, type Server} from '../set-up.ts';
import {program} from '../run-line.ts';

type Decision = ReturnType<typeof decisionToJson>;

/** Lets days pass unattended for the schedules, then starts a daemon, and ends it when it has done what was due. */
const catchUp = async (t: ExecutionContext, server: Server): Promise<void> => {
	await server.context.store.update('scheduler', undefined, draft => {
		draft.schedules = draft.schedules.map(schedule => ({...schedule, coveredUntil: '2026-01-01T12:00:00.000Z'}));
	});
	const done = new AbortController();
	let isBegun = false;
	const watching = watchTasks(server.context, {
		signal: done.signal,
		onTasks(tasks) {
			isBegun ||= tasks.length > 0;

			if (isBegun && tasks.every(({state}) => !isUnfinished(state))) {
				done.abort();
			}
		},
	});
	const daemon = server.start('daemon');
	await watching;
	daemon.kill('SIGTERM');
	const [code] = await once(daemon, 'close') as [number];
	t.is(code, 0);
};

const scheduledOf = async (server: Server): Promise<readonly BackupDocument[]> => {
	const {backups} = await server.json<{backups: readonly BackupDocument[]}>(['backup', 'list', 'alice', '--kind', 'scheduled']);

	return backups;
};

test('the daemon makes up once for what was missed, and each schedule keeps its own', async t => {
	const server = await setUpServer(t);
	await server.write('alice', {file: 'content'});
	await server.json(['job', 'set', 'nightly', '--schedule', 'daily@02:30 keep 2', '--schedule', 'weekly/sun@02:30 keep 1']);
	await server.json(['setting', 'set', 'cleanup.when', 'none']);
	await server.json(['setting', 'set', 'verify.when', 'none']);
	const {schedules} = await server.json<{schedules: ReadonlyArray<{id: string}>}>(['job', 'show', 'nightly']);
	await catchUp(t, server);
	const [first, ...others] = await scheduledOf(server);

	t.deepEqual(others, []);
	t.like(first, {
		status: 'complete', job: 'nightly', account: 'alice', schedules: schedules.map(({id}) => id),
	});
	await server.json(['backup', 'lock', first!.id]);
	await catchUp(t, server);
	await catchUp(t, server);
	await catchUp(t, server);
	const kept = await scheduledOf(server);
	t.is(kept.length, 3, 'two of the day, of which one is of the week, and the locked one');
	t.is(kept.at(-1)!.id, first!.id);

	await server.json(['backup', 'unlock', first!.id]);
	const {removed} = await server.json<{removed: readonly Decision[]; kept: readonly Decision[]}>(['cleanup', '--dry-run']);
	t.deepEqual(removed.map(({id, reasons}) => ({id, reasons})), [{id: first!.id, reasons: ['older than the 2 newest complete ones of daily@02:30 of nightly', 'older than the newest complete one of weekly/sun@02:30 of nightly']}]);
	const told = await scheduledOf(server);
	t.is(told.length, 3, 'it only tells');
	await server.json(['cleanup']);
	const left = await scheduledOf(server);
	t.deepEqual(left.map(({id}) => id), kept.slice(0, 2).map(({id}) => id));
});

test('status says when nobody follows the clock, for monitoring too', async t => {
	const server = await setUpServer(t);
	await server.task(['backup', 'create', 'alice']);
	const calm = await server.json<StatusView>(['status']);
	t.false(calm.isDaemonRunning);
	t.not(calm.nextRunAt, null);

	await server.context.store.update('scheduler', undefined, draft => {
		draft.schedules = draft.schedules.map(schedule => ({...schedule, coveredUntil: '2026-01-01T12:00:00.000Z'}));
	});
	const file = server.machine.path('holdfast.prom');
	const status = await server.json<StatusView>(['status', '--textfile', file], 3);
	t.deepEqual(status.problems.map(({type}) => type), ['daemon']);
	const metrics = await readFile(file, 'utf8');
	t.regex(metrics, /^holdfast_problems 1$/mv);
	t.regex(metrics, /^holdfast_daemon_running 0$/mv);
	t.regex(metrics, /^holdfast_account_last_backup_timestamp_seconds\{account="alice"\} \d+(?:\.\d+)?$/mv);
	const refused = await server.run('status', '--textfile', server.machine.path('holdfast.txt'));
	t.is(refused.code, 2);
});

test('the unit for systemd is one, and hardened', async t => {
	const server = await setUpServer(t);
	// It names the program that was called.
	const {stdout} = await runProgram(process.execPath, program, '--state', server.state, 'daemon', '--print-unit');
	t.regex(stdout, /^ExecStart=\S+node \S+holdfast\.js --state \S+ daemon$/mv);
	t.notRegex(stdout, /MemoryDenyWriteExecute/v);
	const {code} = await runProgram('systemd-analyze', '--version');

	if (code !== 0) {
		t.log('systemd-analyze is not installed: what it would say of the unit was not asked.');
		return;
	}

	const unit = server.machine.path('holdfast.service');
	await runProgram('bash', '-c', 'printf %s "$1" > "$2"', 'bash', stdout, unit);
	const security = await runProgram('systemd-analyze', 'security', '--offline=yes', '--no-pager', '--threshold=50', unit);
	t.is(security.code, 0, `${security.stdout}${security.stderr}`);
});
