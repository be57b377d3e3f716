import {readStatus, type StatusView} from '../actions/status.ts';
import type {Problem} from '../domain/problems.ts';
import {toScreen, toText} from '../domain/raw-name.ts';
import {countOf, formatBytes} from '../domain/units.ts';
import {exitCodes} from '../errors.ts';
import {defineCommand} from './command.ts';
import {showAge} from './show-time.ts';
import {formatFields, formatTable} from './table.ts';

export const status = defineCommand({
	arguments: [],
	options: {},
	json: '{machine, stateDirectory, problems: [{type, account, message, hint}], accounts {active, suspended, orphans, hidden, withoutBackup}, queue {running, pending}, lastTasks: [{id, kind, account, state, endedAt}], destinations, lastBackupAt}',
	details: ['Ends with 3 when there are problems.'],
	examples: ['holdfast status', 'holdfast status --json'],
	needs: 'setup',
	async run({context, output}) {
		const view = await readStatus(context);
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
			...destinations.map(({name, folder, freeBytes}) => [`Space: ${name}`, freeBytes === null ? `unknown (${folder})` : `${formatBytes(freeBytes)} free (${folder})`] as const),
		]),
		'',
		'Last tasks:',
		tasks,
	].join('\n');
};

const describeProblem = ({account, message, hint}: Problem): string =>
	`  ! ${account === null ? '' : `${toScreen(account)}: `}${message}${hint === null ? '' : `\n    ${hint}`}`;
