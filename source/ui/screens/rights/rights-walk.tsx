import type {RightsPath} from '../../../actions/rights-paths.ts';
import {parseFullPath} from '../../../domain/full-path.ts';
import {
	type Effect,
	type Rights,
	decideRight,
	findException,
} from '../../../domain/rights.ts';
import {useBodySize} from '../../components/size.ts';
import type {Column} from '../../components/table.ts';
import {useKeys} from '../../keys/use-keys.ts';
import {headingHeight} from '../../list/list-body.tsx';
import {ListScreen} from '../../list/list-screen.tsx';
import {sortBy, type ListDescription} from '../../list/list-state.ts';
import {useListAt} from '../../list/use-list.ts';
import {glyph} from '../../look/appearance.ts';
import {showSentence} from '../../look/name.ts';
import {
	muted,
	plain,
	toned,
	type Line,
} from '../../look/span.ts';
import {useSession} from '../../session.ts';
import {useLoaded, whyNothing} from '../../use-loaded.ts';
import {effectSpan} from './rights-rows.ts';
import {walkOut} from './rights-state.ts';
import type {RightsParts} from './rights-parts.ts';

const pathsList: ListDescription<RightsPath> = {
	idOf: ({path}) => path,
	searchText: ({path}) => path,
	sorts: [sortBy('path', ({path}) => path)],
};

/** What backups hold, level by level; each can be allowed or denied where it lies. */
export function RightsWalk({rights, dispatch, change, place}: RightsParts & {readonly place: string}) {
	const {data} = useSession();
	const {height} = useBodySize();
	const {value, error} = useLoaded(`paths ${place}`, async () => data.listRightsPaths(place));
	const list = useListAt(`list ${place}`, {description: pathsList, items: value, height: height - headingHeight});
	const {focused} = list;
	const nothing = whyNothing(value, 'path');

	const add = (effect: Effect) => focused === undefined
		? nothing
		: () => {
			change({type: 'added', path: focused.path, effect});
		};

	const out = () => {
		dispatch({type: 'walked', to: walkOut(place)});
	};

	const keys = useKeys('walk', {
		...list.handlers,
		out: list.state.filter === '' ? out : list.handlers.out,
		open: whyNotOpen(focused) ?? (() => {
			dispatch({type: 'walked', to: focused!.path});
		}),
		allow: add('allow'),
		deny: add('deny'),
		end() {
			dispatch({type: 'walked', to: undefined});
		},
	});

	return (
		<ListScreen
			columns={columnsOf(rights!, place)}
			description={pathsList}
			emptyText='No backup holds anything below it.'
			error={error}
			keys={keys}
			list={list}
			remark={place === '' ? 'machines' : showSentence(place)}
			waitingFor={value === undefined ? 'Reading what backups hold' : undefined}
		/>
	);
}

const whyNotOpen = (focused: RightsPath | undefined): string | undefined => {
	if (focused === undefined) {
		return 'There is no path here.';
	}

	return focused.isFolder ? undefined : 'Nothing lies below it.';
};

const columnsOf = (rights: Rights, place: string): ReadonlyArray<Column<RightsPath>> => [
	{title: 'NOW', width: 8, cell: ({path}) => effectSpan(decideRight(rights, parseFullPath(path)).allowed ? 'allow' : 'deny')},
	{title: 'PATH', width: {share: 1, least: 20}, cell: ({path, isFolder}) => [plain(showSentence(path.slice(place.length).replace(/^[!:]*/v, ''))), muted(isFolder ? ` ${glyph('closed')}` : '')]},
	{title: 'RULE', width: 24, cell: ({path}) => ruleLine(rights, path)},
];

const ruleLine = (rights: Rights, path: string): Line => {
	const parsed = parseFullPath(path);

	if (findException(rights, parsed) !== undefined) {
		return [toned('accent', 'exception')];
	}

	const {rule} = decideRight(rights, parsed);

	return [muted(rule.path === null ? 'default' : 'from above')];
};
