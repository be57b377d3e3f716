import {dirname, resolve} from 'node:path';
import {formatMetrics, type Metric} from '../domain/metrics.ts';
import {toText} from '../domain/raw-name.ts';
import {UserError} from '../errors.ts';
import {writeDurably} from '../system/durable-file.ts';
import {listAccounts} from './accounts.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';
import type {StatusView} from './status.ts';

export type MetricsInput = {
	/** The file, which is replaced in one step. */
	readonly path: string;
	readonly status: StatusView;
};

/**
Writes the figures of the status for node_exporter's textfile collector.
@throws UserError `usage` for a name the collector would not read, `failed` when it cannot be written.
*/
export const writeMetrics = action('writeMetrics', async (context: Context, {path, status}: MetricsInput): Promise<void> => {
	if (!path.endsWith('.prom')) {
		throw new UserError(`The collector reads files whose names end in .prom, and ${path} does not.`, {code: 'usage', hint: 'Name one such as holdfast.prom.'});
	}

	const {accounts} = await listAccounts(context);
	const backups = accounts.flatMap(({name, lastBackupAt}) => lastBackupAt === null ? [] : [{labels: {account: toText(name)}, value: Date.parse(lastBackupAt) / 1000}]);
	const text = formatMetrics('holdfast', [...describeStatus(status, context.clock.now()), {name: 'account_last_backup_timestamp_seconds', help: 'When the newest backup of the account was made.', samples: backups}]);

	try {
		await writeDurably(resolve(path), text, {mode: 0o644});
	} catch (error) {
		throw new UserError(`The figures could not be written to ${path}: ${(error as Error).message}.`, {code: 'failed', hint: `See that ${dirname(resolve(path))} is there.`, cause: error});
	}
});

const describeStatus = ({problems, accounts, queue, destinations, isDaemonRunning, nextRunAt}: StatusView, now: Date): readonly Metric[] => {
	const types = Map.groupBy(problems, ({type}) => type);

	return [
		{name: 'status_timestamp_seconds', help: 'When these figures were taken.', samples: [{value: now.getTime() / 1000}]},
		{name: 'problems', help: 'Problems that need somebody.', samples: [{value: problems.length}]},
		{name: 'problems_by_type', help: 'Problems, by what they are about.', samples: Array.from(types, ([type, list]) => ({labels: {type}, value: list.length}))},
		{
			name: 'accounts', help: 'Accounts, by status.', samples: [
				{labels: {status: 'active'}, value: accounts.active}, {labels: {status: 'suspended'}, value: accounts.suspended}, {labels: {status: 'orphan'}, value: accounts.orphans},
			],
		},
		{name: 'accounts_without_backup', help: 'Accounts that were never backed up.', samples: [{value: accounts.withoutBackup}]},
		{name: 'tasks', help: 'Tasks of the queue, by state.', samples: [{labels: {state: 'running'}, value: queue.running}, {labels: {state: 'pending'}, value: queue.pending}]},
		{name: 'daemon_running', help: 'Whether the daemon runs, which follows the schedules.', samples: [{value: Number(isDaemonRunning)}]},
		{name: 'next_run_timestamp_seconds', help: 'When a job runs next by its schedule.', samples: nextRunAt === null ? [] : [{value: Date.parse(nextRunAt) / 1000}]},
		{
			name: 'destination_free_bytes', help: 'Free space at a destination.', samples: destinations.flatMap(({name, freeBytes}) => freeBytes === null ? [] : [{labels: {destination: name}, value: freeBytes}]),
		},
		{name: 'destination_ready', help: 'Whether a destination can take backups.', samples: destinations.map(({name, status}) => ({labels: {destination: name}, value: Number(status === 'ready')}))},
	];
};
