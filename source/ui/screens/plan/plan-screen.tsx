import {
	shownTotal,
	type RestoreAction,
	type RestorePreview,
	type RestoreStep,
} from '../../../domain/restore.ts';
import {countOf, formatCount} from '../../../domain/units.ts';
import {actionWords} from '../../components/header.ts';
import {Screen} from '../../components/screen.tsx';
import {useBodySize} from '../../components/size.ts';
import type {Column} from '../../components/table.ts';
import {useInterface} from '../../interface.ts';
import {useKeys} from '../../keys/use-keys.ts';
import {headingHeight, ListBody} from '../../list/list-body.tsx';
import {ListInfo} from '../../list/list-info.tsx';
import {sortBy, type ListDescription} from '../../list/list-state.ts';
import {useList} from '../../list/use-list.ts';
import {wrapWords} from '../../look/fit.ts';
import {showName, showSentence} from '../../look/name.ts';
import {muted, plain, type Line} from '../../look/span.ts';
import {planActions} from '../options/options-state.ts';

const planList: ListDescription<RestoreStep> = {
	idOf: ({path}) => path,
	searchText: ({path, reason}) => `${showName(path)} ${reason}`,
	sorts: [sortBy('path', ({path}) => path)],
};

const columns: ReadonlyArray<Column<RestoreStep>> = [
	{title: 'PATH', width: {share: 1, least: 20}, cell: ({path}) => plain(path === '' ? './' : showName(path))},
	{title: 'WHY', width: {share: 1, least: 20}, cell: ({reason}) => muted(showSentence(reason))},
];

const stepsOf = new WeakMap<RestorePreview, ReadonlyMap<RestoreAction, readonly RestoreStep[]>>();

/** The steps of a plan, by what they do; worked out once per plan. */
const stepsByAction = (preview: RestorePreview): ReadonlyMap<RestoreAction, readonly RestoreStep[]> => {
	const known = stepsOf.get(preview) ?? Map.groupBy(preview.steps, ({action}) => action);
	stepsOf.set(preview, known);

	return known;
};

/** Below the rows: the focused step in full. */
const footerHeight = 4;

const nothing: readonly RestoreStep[] = [];

/** What a restore would do, one kind of change at a time. */
export function PlanScreen({preview, action}: {readonly preview: RestorePreview; readonly action: RestoreAction}) {
	const {width, height} = useBodySize();
	const {replace} = useInterface();
	const steps = stepsByAction(preview).get(action) ?? nothing;
	const list = useList({description: planList, items: steps, height: height - headingHeight - footerHeight});
	const {focused} = list;
	const about = focused === undefined ? [] : wrapWords(`${showName(focused.path)}: ${showSentence(focused.reason)}`, width - 4).slice(0, footerHeight - 1);

	const keys = useKeys('plan', {
		...list.handlers,
		next() {
			replace({screen: 'plan', preview, action: planActions[(planActions.indexOf(action) + 1) % planActions.length]!});
		},
	});

	return (
		<Screen
			info={<ListInfo description={planList} dispatch={list.dispatch} remark={remark(preview, action, steps.length)} state={list.state}/>}
			keys={keys}
		>
			<ListBody columns={columns} description={planList} emptyText={emptyText(preview, action)} footer={Array.from({length: footerHeight}, (_, row): Line => [muted(`   ${about[row - 1] ?? ''}`)])} state={list.state} width={width}/>
		</Screen>
	);
}

const remark = (preview: RestorePreview, action: RestoreAction, shown: number): string => {
	const {count} = shownTotal(preview, action);

	return count !== null && count > shown ? `${actionWords[action]}: the first ${formatCount(shown)} of ${formatCount(count)}` : `${actionWords[action]}: ${countOf(count, 'entry', 'entries')}`;
};

const emptyText = (preview: RestorePreview, action: RestoreAction): string => preview[action].count === 0
	? 'There is nothing of this kind. Tab shows the next one.'
	: 'The plan is long, and these are not among the steps it lists; the counts are right.';
