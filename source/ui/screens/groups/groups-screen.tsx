import type {GroupChanges} from '../../../actions/groups.ts';
import type {PriorityGroup} from '../../../domain/priority-group.ts';
import {quoteArgument} from '../../../domain/quote-argument.ts';
import {useBodySize} from '../../components/size.ts';
import type {Column} from '../../components/table.ts';
import {useInterface} from '../../interface.ts';
import {useKeys} from '../../keys/use-keys.ts';
import {headingHeight} from '../../list/list-body.tsx';
import {ListScreen} from '../../list/list-screen.tsx';
import {sortBy, type ListDescription} from '../../list/list-state.ts';
import {useList} from '../../list/use-list.ts';
import {muted, plain} from '../../look/span.ts';
import {useSession} from '../../session.ts';
import {useAct} from '../../use-act.ts';
import {useChange, useWhyNot} from '../../use-change.ts';
import {useLoaded} from '../../use-loaded.ts';

const groupsList: ListDescription<PriorityGroup> = {
	idOf: ({name}) => name,
	searchText: ({name, tags}) => [name, ...tags].join(' '),
	sorts: [sortBy('backup', ({backup}) => backup), sortBy('restore', ({restore}) => restore), sortBy('name', ({name}) => name)],
};

const columns: ReadonlyArray<Column<PriorityGroup>> = [
	{title: 'GROUP', width: {share: 1, least: 14}, cell: ({name}) => plain(name)},
	{
		title: 'BACKUP', width: 7, alignment: 'right', cell: ({backup}) => plain(String(backup)),
	},
	{
		title: 'RESTORE', width: 7, alignment: 'right', cell: ({restore}) => plain(String(restore)),
	},
	{
		title: 'DOWNLOAD', width: 8, alignment: 'right', cell: ({download}) => plain(String(download)),
	},
	{title: 'TAGS', width: {share: 1, least: 14}, cell: ({tags}) => plain(tags.join(' '))},
	{title: '', width: 8, cell: ({isDefault}) => muted(isDefault ? 'default' : '')},
];

const numbersHint = 'Three numbers from 0 to 999: backup, restore, download. Lower is earlier.';

/** The priority groups of the queue. */
export function GroupsScreen() {
	const {data} = useSession();
	const {askText, confirm} = useInterface();
	const {height} = useBodySize();
	const act = useAct();
	const change = useChange();
	const {value, error} = useLoaded('groups', async () => data.listGroups());
	const list = useList({description: groupsList, items: value, height: height - headingHeight});
	const {focused} = list;
	const whyNotAdd = useWhyNot('any', 'group', 'createGroup');
	const whyNot = useWhyNot(focused, 'group', 'setGroup');

	const set = async ({name, isDefault, ...before}: PriorityGroup, changes: GroupChanges) => change({
		done: `${name}: changed. Work that waits takes its new place.`, make: async () => data.setGroup(name, changes), ...(changes.isDefault !== true && {undo: async () => data.setGroup(name, before)}),
	});

	const keys = useKeys('groups', {
		...list.handlers,
		add: whyNotAdd ?? (() => {
			act(async () => {
				const name = await askText({title: 'A new priority group', hint: 'Its name; it gets the numbers of the default group.', text: ''});

				if (name !== undefined && name !== '') {
					await change({
						done: `The group ${name} is made.`, make: async () => data.createGroup(name), undo: async () => data.deleteGroup(name),
					});
				}
			});
		}),
		numbers: whyNot ?? (() => {
			act(async () => {
				const {name, backup, restore, download} = focused!;
				const text = await askText({
					title: `Numbers of ${name}`, hint: numbersHint, text: `${backup} ${restore} ${download}`, check: typed => readNumbers(typed) === undefined ? numbersHint : undefined,
				});
				const numbers = text === undefined ? undefined : readNumbers(text);

				if (numbers !== undefined) {
					await set(focused!, numbers);
				}
			});
		}),
		tags: whyNot ?? (() => {
			act(async () => {
				const text = await askText({title: `Tags of ${focused!.name}`, hint: 'Accounts with one of these tags are in it. Separated by blanks.', text: focused!.tags.join(' ')});

				if (text !== undefined) {
					await set(focused!, {tags: text.split(/[\s,]+/v).filter(tag => tag !== '')});
				}
			});
		}),
		makeDefault: whyNot ?? (focused!.isDefault
			? 'It is the default group already.'
			: () => {
				act(async () => set(focused!, {isDefault: true}));
			}),
		delete: whyNot ?? (() => {
			act(async () => {
				const {name} = focused!;
				const isAgreed = await confirm({
					title: `Delete the priority group ${name}`, lines: [[plain('Nothing is in it, or it is not deleted.')]], act: 'delete it', command: `holdfast group delete ${quoteArgument(name)}`,
				});

				if (isAgreed) {
					await change({done: `The group ${name} is gone.`, make: async () => data.deleteGroup(name)});
				}
			});
		}),
	});

	return (
		<ListScreen
			columns={columns}
			description={groupsList}
			emptyText='There is no group.'
			error={error}
			keys={keys}
			list={list}
			remark='for restores 1000, 10000 or 100000 is added: administrator, reseller, user'
			waitingFor={value === undefined ? 'Reading the groups' : undefined}
		/>
	);
}

const readNumbers = (text: string): Required<Pick<GroupChanges, 'backup' | 'restore' | 'download'>> | undefined => {
	const match = /^\s*(?<backup>\d{1,3})\s+(?<restore>\d{1,3})\s+(?<download>\d{1,3})\s*$/v.exec(text);

	return match === null ? undefined : {backup: Number(match.groups!.backup), restore: Number(match.groups!.restore), download: Number(match.groups!.download)};
};
