import {requirePermission} from '../actions/action.ts';
import {
	assignAccount,
	assignAllByName,
	listAssignable,
	type Assignable,
} from '../actions/assign-accounts.ts';
import {toScreen, toText} from '../domain/raw-name.ts';
import {countOf, formatBytes, formatCount} from '../domain/units.ts';
import {UserError} from '../errors.ts';
import {ask, canAsk} from './ask.ts';
import {defineCommand} from './command.ts';
import {orphanFields, orphanToJson} from './orphan-json.ts';
import {showTime} from './show-time.ts';
import {formatTable} from './table.ts';
import {taskFields} from './task-json.ts';
import {tellTasks} from './tell-tasks.ts';

export const accountAssignable = defineCommand({
	arguments: [{name: 'NAME', meaning: 'name or UUID of a live account; without it all', count: 'optional'}],
	options: {
		all: {type: 'flag', meaning: 'any removed account, not only those of the same name'},
	},
	json: `{"assignable": […]}, each with account, accountUuid (the live one), and orphan: ${orphanFields}`,
	details: ['An account that was made again is somebody else, and does not see the backups of the former one of its name until an administrator assigns them.'],
	examples: ['holdfast account assignable', 'holdfast account assignable alice --all'],
	needs: 'setup',
	async run({context, values, options, output}) {
		const [account] = values;
		const assignable = await listAssignable(context, {account, isAll: options.all});

		await output.result({
			assignable: assignable.map(each => ({account: toText(each.account.name), accountUuid: each.account.uuid, orphan: orphanToJson(each.orphan)})),
		}, async () => describe(assignable));
	},
});

export const accountAssign = defineCommand({
	arguments: [
		{name: 'UUID', meaning: 'UUID of the removed account whose backups are assigned', count: 'optional'},
		{name: 'NAME', meaning: 'name or UUID of the live account that takes them over', count: 'optional'},
	],
	options: {
		'all-by-name': {type: 'flag', meaning: 'all removed accounts to the live ones of their names, after a preview'},
		yes: {type: 'flag', meaning: 'asks nothing'},
		detach: {type: 'flag', meaning: 'returns at once; the work goes on in the background'},
	},
	json: `the task, or {"tasks": […]} with --all-by-name: ${taskFields}`,
	details: ['The backups become those of the live account, and the emptied identity is forgotten. It is refused while the other account is live.'],
	examples: ['holdfast account assign 0c1f5a52-6a67-4dd4-9d43-6a7cbb0f9c55 alice', 'holdfast account assign --all-by-name'],
	needs: 'setup',
	async run({context, values, options, output, interruption}) {
		const [uuid, account] = values;
		const isAll = options['all-by-name'];

		if (isAll ? uuid !== undefined : uuid === undefined || account === undefined) {
			throw new UserError('It takes a UUID and a name, or --all-by-name.', {code: 'usage', hint: 'See what can be assigned with "holdfast account assignable".'});
		}

		await requirePermission(context, isAll ? 'assignAllByName' : 'assignAccount');

		if (isAll && !options.yes) {
			await confirm(await listAssignable(context), output.isJson);
		}

		const queued = isAll ? await assignAllByName(context) : [await assignAccount(context, {uuid: uuid!, account: account!})];

		return tellTasks({context, output, interruption}, queued, {isDetached: options.detach, isList: isAll});
	},
});

const confirm = async (assignable: readonly Assignable[], isJson: boolean): Promise<void> => {
	if (isJson || !canAsk()) {
		throw new UserError('This asks before it assigns, and there is no terminal to ask on.', {code: 'usage', hint: 'See what it would do with "holdfast account assignable", then give --yes.'});
	}

	const answer = await ask({text: `${await describe(assignable)}\n\nAssign all of these?`, fallback: 'no'});

	if (!['y', 'yes'].includes(answer.toLowerCase())) {
		throw new UserError('Nothing was assigned.', {code: 'interrupted'});
	}
};

const describe = async (assignable: readonly Assignable[]): Promise<string> => {
	if (assignable.length === 0) {
		return 'Nothing can be assigned: no live account has the name of a removed one that has backups.';
	}

	const table = await formatTable(
		[{heading: 'ACCOUNT', isFlexible: true}, {heading: 'TAKES OVER', isFlexible: true}, {heading: 'UUID'}, {heading: 'LAST SEEN'}, {heading: 'BACKUPS', align: 'right'}, {heading: 'SIZE', align: 'right'}],
		assignable.map(({orphan, account}) => [toScreen(account.name), toScreen(orphan.name), orphan.uuid, showTime(orphan.lastSeenAt).slice(0, 10), formatCount(orphan.backupCount), formatBytes(orphan.sizeBytes)]),
	);

	return `${table}\n\n${countOf(assignable.length, 'orphan')}.`;
};
