import type {SettingView} from '../../../actions/settings.ts';
import {useDetails} from '../../components/details-pane.tsx';
import {useBodySize} from '../../components/size.ts';
import type {Column} from '../../components/table.ts';
import {factLine} from '../../components/fact-line.ts';
import {useInterface} from '../../interface.ts';
import {useKeys} from '../../keys/use-keys.ts';
import {headingHeight} from '../../list/list-body.tsx';
import {ListScreen} from '../../list/list-screen.tsx';
import {sortBy, type ListDescription} from '../../list/list-state.ts';
import {useList} from '../../list/use-list.ts';
import {wrapWords} from '../../look/fit.ts';
import {showSentence} from '../../look/name.ts';
import {
	muted,
	plain,
	strong,
	type Line,
} from '../../look/span.ts';
import {useSession} from '../../session.ts';
import {useAct} from '../../use-act.ts';
import {useChange, useWhyNot} from '../../use-change.ts';
import {useLoaded} from '../../use-loaded.ts';

const settingsList: ListDescription<SettingView> = {
	idOf: ({key}) => key,
	searchText: ({key, value, meaning}) => `${key} ${String(value)} ${meaning}`,
	sorts: [{name: 'topic', arrange: (settings, isReversed) => isReversed ? settings.toReversed() : settings}, sortBy('key', ({key}) => key)],
};

const valueWords = ({value, unit}: SettingView): string => showSentence(`${String(value)}${unit === null ? '' : ` ${unit}`}`);

const columns: ReadonlyArray<Column<SettingView>> = [
	{title: 'SETTING', width: 26, cell: ({key, isDefault}) => isDefault ? plain(key) : strong(key)},
	{title: 'VALUE', width: {share: 2, least: 16}, cell: setting => plain(valueWords(setting))},
	{title: 'MEANING', width: {share: 3, least: 30}, cell: ({meaning}) => muted(meaning)},
];

/** All settings, with their defaults. */
export function SettingsScreen() {
	const {data} = useSession();
	const {askText} = useInterface();
	const {height} = useBodySize();
	const act = useAct();
	const change = useChange();
	const {value, error} = useLoaded('settings', async () => data.listSettings());
	const list = useList({description: settingsList, items: value, height: height - headingHeight});
	const {focused} = list;
	const whyNot = useWhyNot(focused, 'setting', 'setSetting');
	const details = useDetails({about: focused?.key, lines: width => focused === undefined ? [] : detailsOf(focused, width)});

	const set = async ({key, value: before, isDefault}: SettingView, text: string) => change({
		done: `${key} is ${text} now.`, make: async () => data.setSetting(key, text), undo: async () => data.setSetting(key, isDefault ? 'default' : String(before)),
	});

	const keys = useKeys('settings', {
		...list.handlers,
		...details.handlers,
		change: whyNot ?? (() => {
			act(async () => {
				const {key, meaning, defaultText, unit, value: before} = focused!;
				const text = await askText({title: key, hint: `${meaning}.${unit === null ? '' : ` In ${unit}.`} The default is ${defaultText}; "default" brings it back.`, text: String(before)});

				if (text !== undefined && text !== String(before)) {
					await set(focused!, text);
				}
			});
		}),
		restoreDefault: whyNot ?? (focused!.isDefault
			? 'It is the default already.'
			: () => {
				act(async () => set(focused!, 'default'));
			}),
	});

	return (
		<ListScreen
			columns={columns}
			description={settingsList}
			details={details}
			emptyText='There is no setting.'
			error={error}
			keys={keys}
			list={list}
			remark='what is not the default is bright'
			waitingFor={value === undefined ? 'Reading the settings' : undefined}
		/>
	);
}

const detailsOf = (setting: SettingView, width: number): readonly Line[] => [
	[strong(setting.key)],
	[],
	factLine('Value', [plain(valueWords(setting))]),
	factLine('Default', [plain(setting.defaultText)]),
	[],
	...wrapWords(setting.meaning, width).map((text): Line => [plain(text)]),
];
