import {readStatus, type StatusView} from '../actions/status.ts';
import {writeMetrics} from '../actions/write-metrics.ts';
import type {Problem} from '../domain/problems.ts';
import {toScreen, toText} from '../domain/raw-name.ts';
import {countOf, formatBytes} from '../domain/units.ts';
import {exitCodes} from '../errors.ts';
import {defineCommand} from './command.ts';
import {showAge, showNext} from './show-time.ts';
import {formatFields, formatTable} from './table.ts';

export const status = defineCommand({
	arguments: [],
	options: {
		textfile: {type: 'text', placeholder: 'FILE', meaning: 'writes the figures there too, for node_exporter\'s textfile collector'},
	},
	json: '{machine, stateDirectory, problems: [{type, account, message, hint}], accounts {active, suspended, orphans, hidden, withoutBackup}, queue {running, pending}, isDaemonRunning, nextRunAt, lastTasks: [{id, kind, account, state, endedAt}], destinations, lastBackupAt}',
	details: [
		'Ends with 3 when there are problems: for monitoring that looks at exit codes.',
		'FILE is replaced in one step, mode 0644; its name must end in .prom. Run it every few minutes, by cron or a systemd timer.',
	],
	examples: ['holdfast status', 'holdfast status --json', 'holdfast status --textfile /var/lib/prometheus/node-exporter/holdfast.prom'],
	needs: 'setup',
	async run({context, options, output}) {
		const view = await readStatus(context);

		if (options.textfile !== undefined) {
			await writeMetrics(context, {path: options.textfile, status: view});
		}

		await output.result(toJson(view), async () => describe(view, context.clock.now()));

		return view.problems.length === 0 ? 0 : exitCodes.partial;
	},
});

const toJson = ({problems, lastTasks, ...view}: StatusView) => ({
	...view,
	problems: problems.map(problem => ({...problem, account: nullableText(problem.account)})),
	lastTasks: lastTasks.map(({id, kind, account, state, endedAt}) => ({
		id, kind, account: nullableText(account), state, endedAt,
	})),
});

const nullableText = (raw: string | null): string | null => raw === null ? null : toText(raw);

const describe = async (view: StatusView, now: Date): Promise<string> => {
	const {machine, problems, accounts, queue, lastTasks, destinations, lastBackupAt} = view;
	const tasks = lastTasks.length === 0
		? 'None yet.'
		: await formatTable(
			[{heading: 'TASK'}, {heading: 'KIND'}, {heading: 'ACCOUNT', isFlexible: true}, {heading: 'STATE'}, {heading: 'ENDED'}],
			lastTasks.map(({id, kind, account, state, endedAt}) => [id, kind, account === null ? '–' : toScreen(account), state, showAge(endedAt, now)]),
		);

	return [
		problems.length === 0 ? 'No problems.' : `${countOf(problems.length, 'problem')}:`,
		...problems.map(problem => describeProblem(problem)),
		'',
		formatFields([
			['Server', machine],
			['Accounts', `${accounts.active} active, ${accounts.suspended} suspended, ${countOf(accounts.orphans, 'orphan')}${accounts.withoutBackup === 0 ? '' : `; ${accounts.withoutBackup} without a backup`}`],
			['Last backup', showAge(lastBackupAt, now)],
			['Queue', `${queue.running} running, ${queue.pending} waiting`],
			['Schedules', describeSchedules(view, now)],
			...destinations.map(({name, folder, freeBytes}) => [`Space: ${name}`, freeBytes === null ? `unknown (${folder})` : `${formatBytes(freeBytes)} free (${folder})`] as const),
		]),
		'',
		'Last tasks:',
		tasks,
	].join('\n');
};

const describeSchedules = ({isDaemonRunning, nextRunAt}: StatusView, now: Date): string => {
	if (nextRunAt === null) {
		return 'none';
	}

	return isDaemonRunning ? `next run ${showNext(nextRunAt, now)}` : 'nothing runs by schedule: there is no daemon ("holdfast daemon --help")';
};

const describeProblem = ({account, message, hint}: Problem): string =>
	`  ! ${account === null ? '' : `${toScreen(account)}: `}${message}${hint === null ? '' : `\n    ${hint}`}`;
