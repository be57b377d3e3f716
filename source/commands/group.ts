import {
	createGroup,
	deleteGroup,
	listGroups,
	setGroup,
	type GroupChanges,
} from '../actions/groups.ts';
import type {PriorityGroup} from '../domain/priority-group.ts';
import {UserError} from '../errors.ts';
import {defineCommand, type Argument, type OptionValues} from './command.ts';
import {parseOptionalNumber, parseReplacement} from './parse-values.ts';
import {formatTable} from './table.ts';

const fields = 'name, backup, restore, download, tags, isDefault';
const nameArgument = {name: 'NAME', meaning: 'name of the group'} as const satisfies Argument;
const options = {
	backup: {type: 'text', placeholder: 'N', meaning: 'the priority of backups; lower is earlier'},
	restore: {type: 'text', placeholder: 'N', meaning: 'the priority of restores; to it 1000 is added for administrators, 10000 for resellers, 100000 for users'},
	download: {type: 'text', placeholder: 'N', meaning: 'the priority of downloads'},
	tag: {type: 'list', placeholder: 'T', meaning: 'accounts with this tag are in it; none alone takes all away'},
	default: {type: 'flag', meaning: 'accounts that no group claims are in it'},
} as const;
const details = ['An account is in the group that was set for it; else, for each kind of task, in the one with the lowest number among those its tags belong to; else in the default group.'];

export const groupList = defineCommand({
	arguments: [],
	options: {},
	json: `{"groups": […]}, each with ${fields}`,
	examples: ['holdfast group list'],
	needs: 'setup',
	async run({context, output}) {
		const groups = await listGroups(context);
		await output.result({groups}, async () => describe(groups));
	},
});

export const groupCreate = defineCommand({
	arguments: [nameArgument],
	options,
	json: `the group: ${fields}`,
	details: [...details, 'Numbers that are not given are those of the default group.'],
	examples: ['holdfast group create Shops --backup 20 --restore 20 --download 40 --tag shop'],
	needs: 'setup',
	async run({context, values, options: given, output}) {
		const [name] = values;
		const group = await createGroup(context, name, toChanges(given));
		await output.result(group, async () => describe([group]));
	},
});

export const groupSet = defineCommand({
	arguments: [nameArgument],
	options,
	json: `the group: ${fields}`,
	details: [...details, 'Work that waits takes its new place at once; what runs is not interrupted.'],
	examples: ['holdfast group set High --backup 5', 'holdfast group set Low --default', 'holdfast group set High --tag vip,shop'],
	needs: 'setup',
	async run({context, values, options: given, output}) {
		const [name] = values;
		const changes = toChanges(given);

		if (Object.values(changes).every(value => value === undefined)) {
			throw new UserError('Nothing to change was given.', {code: 'usage', hint: 'See what can be set with "holdfast group set --help".'});
		}

		const group = await setGroup(context, name, changes);
		await output.result(group, async () => describe([group]));
	},
});

export const groupDelete = defineCommand({
	arguments: [nameArgument],
	options: {},
	json: `the group as it was: ${fields}`,
	details: ['The default group, and one that accounts are in, cannot be deleted.'],
	examples: ['holdfast group delete Shops'],
	needs: 'setup',
	async run({context, values, output}) {
		const [name] = values;
		const group = await deleteGroup(context, name);
		await output.result(group, () => `The group ${name} is gone.`);
	},
});

const toChanges = ({backup, restore, download, tag, default: isDefault}: OptionValues<typeof options>): GroupChanges => ({
	backup: parseOptionalNumber('backup', backup),
	restore: parseOptionalNumber('restore', restore),
	download: parseOptionalNumber('download', download),
	tags: parseReplacement(tag),
	...(isDefault && {isDefault}),
});

const describe = async (groups: readonly PriorityGroup[]): Promise<string> => formatTable(
	[{heading: 'GROUP', isFlexible: true}, {heading: 'BACKUP', align: 'right'}, {heading: 'RESTORE', align: 'right'}, {heading: 'DOWNLOAD', align: 'right'}, {heading: 'TAGS', isFlexible: true}, {heading: ''}],
	groups.map(({name, backup, restore, download, tags, isDefault}) => [name, String(backup), String(restore), String(download), tags.length === 0 ? '–' : tags.join(' '), isDefault ? 'default' : '']),
);
