import type {TagView} from '../../../actions/tags.ts';
import {countOf, formatCount} from '../../../domain/units.ts';
import {useBodySize} from '../../components/size.ts';
import type {Column} from '../../components/table.ts';
import {useInterface} from '../../interface.ts';
import {useKeys} from '../../keys/use-keys.ts';
import {headingHeight} from '../../list/list-body.tsx';
import {ListScreen} from '../../list/list-screen.tsx';
import {sortBy, type ListDescription} from '../../list/list-state.ts';
import {useList} from '../../list/use-list.ts';
import {glyph} from '../../look/appearance.ts';
import {
	muted,
	plain,
	toned,
	type Line,
} from '../../look/span.ts';
import {tagTone} from '../../look/tag-tone.ts';
import {useSession} from '../../session.ts';
import {useAct} from '../../use-act.ts';
import {useChange, useWhyNot} from '../../use-change.ts';
import {useLoaded, whyNothing} from '../../use-loaded.ts';
import {tagWord} from '../accounts/accounts-list.ts';

const tagsList: ListDescription<TagView> = {
	idOf: ({name}) => name,
	searchText: ({name, color}) => `${name} ${color}`,
	sorts: [sortBy('name', ({name}) => name), sortBy('accounts', ({accountCount}) => accountCount, true)],
};

const columns: ReadonlyArray<Column<TagView>> = [
	{title: 'TAG', width: {share: 1, least: 20}, cell: ({name, color}) => [toned(tagTone(color), glyph('tag')), plain(` ${name}`)]},
	{title: 'COLOUR', width: 10, cell: ({color}) => muted(color)},
	{
		title: 'ACCOUNTS', width: 10, alignment: 'right', cell: ({accountCount}) => plain(formatCount(accountCount)),
	},
];

/** The tags and their colours; accounts get them on the accounts screen. */
export function TagsScreen() {
	const {data} = useSession();
	const {askText, confirm, enter} = useInterface();
	const {height} = useBodySize();
	const act = useAct();
	const change = useChange();
	const {value, error} = useLoaded('tags', async () => data.listTags());
	const list = useList({description: tagsList, items: value, height: height - headingHeight});
	const {focused, chosen} = list;
	const whyNotAdd = useWhyNot('any', 'tag', 'createTag');
	const whyNot = useWhyNot(focused, 'tag', 'setTag');

	const setColor = async ({name, color: before}: TagView, color: string) => change({
		done: `${name} has another colour.`, make: async () => data.setTag(name, color), undo: async () => data.setTag(name, before),
	});

	const setColors = async (tags: readonly TagView[]) => change({
		done: `${namesOf(tags)}: another colour.`,
		make: async () => inTurn(tags, async ({name}) => data.setTag(name, 'random')),
		undo: async () => inTurn(tags, async ({name, color}) => data.setTag(name, color)),
	});

	const keys = useKeys('tags', {
		...list.handlers,
		add: whyNotAdd ?? (() => {
			act(async () => {
				const name = await askText({title: 'A new tag', hint: 'Its name; it gets a random colour that reads on dark and light terminals.', text: ''});

				if (name !== undefined && name !== '') {
					await change({
						done: `The tag ${name} is made.`, make: async () => data.createTag(name), undo: async () => data.deleteTag(name),
					});
				}
			});
		}),
		color: whyNot ?? (() => {
			act(async () => {
				const color = await askText({title: `Colour of ${focused!.name}`, hint: '#rrggbb, or random. Terminals show the nearest of their own colours.', text: focused!.color});

				if (color !== undefined && color !== '' && color !== focused!.color) {
					await setColor(focused!, color);
				}
			});
		}),
		random: whyNot ?? (() => {
			act(async () => setColors(chosen));
		}),
		accounts: focused === undefined
			? whyNothing(value, 'tag')
			: () => {
				enter({screen: 'accounts', filter: tagWord(focused.name)});
			},
		delete: whyNot ?? (() => {
			act(async () => {
				const isAgreed = await confirm(askDeletion(chosen));

				if (isAgreed) {
					await change({done: `${namesOf(chosen)}: gone.`, make: async () => inTurn(chosen, async ({name}) => data.deleteTag(name))});
				}
			});
		}),
	});

	return (
		<ListScreen
			columns={columns}
			description={tagsList}
			emptyText='There is no tag yet; n makes one.'
			error={error}
			keys={keys}
			list={list}
			remark='accounts get tags by t on the accounts screen'
			waitingFor={value === undefined ? 'Reading the tags' : undefined}
		/>
	);
}

const namesOf = (tags: readonly TagView[]): string => tags.map(({name}) => name).join(', ');

/** Each changes the same file of the state. */
const inTurn = async (tags: readonly TagView[], change: (tag: TagView) => Promise<unknown>): Promise<void> => {
	for (const tag of tags) {
		await change(tag);
	}
};

const askDeletion = (tags: readonly TagView[]) => ({
	title: tags.length === 1 ? `Delete the tag ${tags[0]!.name}` : `Delete ${countOf(tags.length, 'tag')}`,
	lines: tags.map(({name, accountCount}): Line => [plain(`${name}  `), muted(`${countOf(accountCount, 'account')} ${accountCount === 1 ? 'loses' : 'lose'} it, and priority groups too.`)]),
	act: tags.length === 1 ? 'delete it' : 'delete them',
	command: tags.map(({name}) => `holdfast tag delete ${name}`).join(' && '),
});
