import type {AuditEntry} from '../../../domain/audit.ts';
import {fromText} from '../../../domain/raw-name.ts';
import {countOf} from '../../../domain/units.ts';
import {useBodySize} from '../../components/size.ts';
import type {Column} from '../../components/table.ts';
import {useInterface} from '../../interface.ts';
import {useKeys} from '../../keys/use-keys.ts';
import {headingHeight} from '../../list/list-body.tsx';
import {ListScreen} from '../../list/list-screen.tsx';
import type {ListDescription} from '../../list/list-state.ts';
import {useList} from '../../list/use-list.ts';
import {wrapWords} from '../../look/fit.ts';
import {showName, showSentence} from '../../look/name.ts';
import {
	plain,
	toned,
	type Line,
	type Span,
} from '../../look/span.ts';
import {showTime} from '../../look/time.ts';
import {useDialogWidth} from '../../overlays/confirm-dialog.tsx';
import {useSession} from '../../session.ts';
import {useAct} from '../../use-act.ts';
import {useLoaded, whyNothing} from '../../use-loaded.ts';
import {useRememberedReducer} from '../../use-remembered-reducer.ts';

/** With its place in the log: two acts may be alike. */
type AuditRow = AuditEntry & {readonly place: number};

type AuditFilter = {readonly user: string | undefined; readonly since: string | undefined};

const auditList: ListDescription<AuditRow> = {
	idOf: ({place}) => String(place),
	searchText: ({at, user, action, target, result, detail}) => [at, user, action, target ?? '', result, detail ?? ''].join(' '),
	sorts: [{name: 'time', arrange: (rows, isReversed) => isReversed ? rows : rows.toReversed(), isDescending: true}],
};

const show = (text: string): string => showSentence(showName(fromText(text)));

const resultSpan = ({result}: AuditEntry): Span => result === 'done' || result === 'completed' ? toned('good', result) : toned(result === 'refused' || result === 'partial' ? 'warning' : 'bad', result);

const columns: ReadonlyArray<Column<AuditRow>> = [
	{title: 'WHEN', width: 16, cell: ({at}) => plain(showTime(at))},
	{title: 'WHO', width: 10, cell: ({user}) => plain(show(user))},
	{title: 'WHAT', width: 16, cell: ({action}) => plain(action)},
	{title: 'RESULT', width: 9, cell: resultSpan},
	{title: 'ON', width: {share: 1, least: 14}, cell: ({target}) => plain(show(target ?? ''))},
];

/** Who did what, the newest first; what was refused, too. */
export function AuditScreen() {
	const {data} = useSession();
	const {tell} = useInterface();
	const {height} = useBodySize();
	const dialogWidth = useDialogWidth();
	const [filter, setFilter] = useRememberedReducer<AuditFilter, Partial<AuditFilter>>('filter', (current, changed) => ({...current, ...changed}), () => ({user: undefined, since: undefined}));
	const {value, error} = useLoaded(`audit ${filter.user ?? ''} ${filter.since ?? ''}`, async () => {
		const {entries, unreadableCount} = await data.readAudit(filter);

		return {rows: entries.map((entry, place): AuditRow => ({...entry, place})), unreadableCount};
	});
	const list = useList({description: auditList, items: value?.rows, height: height - headingHeight});
	const {focused} = list;
	const ask = useFilterQuestions(filter, setFilter);

	const keys = useKeys('audit', {
		...list.handlers,
		open: focused === undefined
			? whyNothing(value, 'line')
			: () => {
				tell({title: `${focused.action} by ${show(focused.user)}`, lines: entryLines(focused, dialogWidth)});
			},
		...ask,
	});

	return (
		<ListScreen
			columns={columns}
			description={auditList}
			emptyText='Nothing is in the audit log that fits.'
			error={error}
			keys={keys}
			list={list}
			remark={remarkOf(filter, value?.unreadableCount ?? 0)}
			waitingFor={value === undefined ? 'Reading the audit log' : undefined}
		/>
	);
}

const useFilterQuestions = ({user, since}: AuditFilter, setFilter: (changed: Partial<AuditFilter>) => void): Readonly<Record<'who' | 'since', () => void>> => {
	const {askText} = useInterface();
	const act = useAct();

	return {
		who() {
			act(async () => {
				const text = await askText({title: 'Whose acts', hint: 'Name of a user, or root; empty: of all.', text: user ?? ''});

				if (text !== undefined) {
					setFilter({user: text === '' ? undefined : text});
				}
			});
		},
		since() {
			act(async () => {
				const text = await askText({
					title: 'Since when', hint: 'A day or a time, such as 2026-11-20 or 2026-11-20T14:00:00Z; empty: from the beginning.', text: since ?? '',
					check: typed => typed === '' || !Number.isNaN(Date.parse(typed)) ? undefined : 'This is no time: write one such as 2026-11-20.',
				});

				if (text !== undefined) {
					setFilter({since: text === '' ? undefined : new Date(text).toISOString()});
				}
			});
		},
	};
};

const remarkOf = ({user, since}: AuditFilter, unreadableCount: number): string => [
	user === undefined ? 'everybody' : `only ${show(user)}`,
	...(since === undefined ? [] : [`since ${showTime(since)}`]),
	...(unreadableCount === 0 ? [] : [`${countOf(unreadableCount, 'line')} unreadable`]),
].join(', ');

const entryLines = ({at, user, action, target, fields, result, detail}: AuditEntry, width: number): readonly Line[] => [
	['When', at], ['Who', user], ['What', action], ['On', target ?? ''], ['Given', fields.join(', ')], ['Result', result], ['More', detail ?? ''],
].filter(([, text]) => text !== '').flatMap(([title, text]) => wrapWords(show(text!), width - 9).map((line, index): Line => [
	{text: (index === 0 ? title! : '').padEnd(9), isMuted: true}, plain(line),
]));
