import type {Assignable} from '../../../actions/assign-accounts.ts';
import {whyNotPermitted} from '../../../domain/permissions.ts';
import {formatBytes, formatCount} from '../../../domain/units.ts';
import {Screen} from '../../components/screen.tsx';
import {useBodySize} from '../../components/size.ts';
import type {Column} from '../../components/table.ts';
import {useInterface} from '../../interface.ts';
import type {Handler} from '../../keys/focus-stack.ts';
import {useKeys} from '../../keys/use-keys.ts';
import {headingHeight, ListBody} from '../../list/list-body.tsx';
import {ListInfo} from '../../list/list-info.tsx';
import {sortBy, type ListDescription} from '../../list/list-state.ts';
import {useList} from '../../list/use-list.ts';
import {showName} from '../../look/name.ts';
import {muted, plain} from '../../look/span.ts';
import {showAge, showTime} from '../../look/time.ts';
import {useSession} from '../../session.ts';
import {useAct} from '../../use-act.ts';
import {useLoaded, whyNothing} from '../../use-loaded.ts';
import {useAssignment} from './use-assignment.ts';

const assignableList: ListDescription<Assignable> = {
	idOf: ({orphan, account}) => `${orphan.uuid} ${account.uuid}`,
	searchText: ({orphan, account}) => `${showName(account.name)} ${orphan.uuid}`,
	sorts: [
		sortBy('account', ({account}) => account.name),
		sortBy('newest', ({orphan}) => orphan.newestAt, true),
		sortBy('size', ({orphan}) => orphan.sizeBytes, true),
	],
	bytesOf: ({orphan}) => orphan.sizeBytes,
};

const columnsAt = (now: Date): ReadonlyArray<Column<Assignable>> => [
	{title: 'LIVE ACCOUNT', width: {share: 1, least: 14}, cell: ({account}) => plain(showName(account.name))},
	{title: 'REMOVED', width: 9, cell: ({orphan}) => muted(orphan.uuid.slice(0, 8))},
	{title: 'LAST SEEN', width: 10, cell: ({orphan}) => plain(showAge(orphan.lastSeenAt, now))},
	{
		title: 'BACKUPS', width: 7, alignment: 'right', cell: ({orphan}) => plain(formatCount(orphan.backupCount)),
	},
	{title: 'NEWEST', width: 16, cell: ({orphan}) => plain(showTime(orphan.newestAt))},
	{
		title: 'SIZE', width: 7, alignment: 'right', cell: ({orphan}) => plain(formatBytes(orphan.sizeBytes)),
	},
];

/** Live accounts that can take over the backups of removed ones of their name. */
export function AssignableScreen({filter}: {readonly filter?: string | undefined}) {
	const {data, now} = useSession();
	const {enter} = useInterface();
	const {width, height} = useBodySize();
	const {value, error} = useLoaded('assignable', async () => data.listAssignable());
	const list = useList({
		description: assignableList, items: value, height: height - headingHeight, filter,
	});
	const {focused, chosen} = list;

	const keys = useKeys('assignable', {
		...list.handlers,
		assign: useAssign(chosen),
		open: focused === undefined
			? whyNothing(value, 'assignable account')
			: () => {
				enter({screen: 'backups', account: focused.orphan, isGone: true});
			},
	});

	return (
		<Screen info={<ListInfo description={assignableList} dispatch={list.dispatch} remark='a removed account of the same name has backups' state={list.state}/>} keys={keys}>
			<ListBody
				columns={columnsAt(now())}
				description={assignableList}
				emptyText='There is none: no live account has the name of a removed one that has backups.'
				error={error}
				state={list.state}
				waitingFor={value === undefined ? 'Reading accounts and backups' : undefined}
				width={width}
			/>
		</Screen>
	);
}

const useAssign = (chosen: readonly Assignable[]): Handler => {
	const {isReadOnly, actor} = useSession();
	const act = useAct();
	const assign = useAssignment();

	if (isReadOnly) {
		return 'Holdfast was started read-only.';
	}

	const whyNot = whyNotPermitted(actor.role, 'assignAccount');

	if (whyNot !== undefined) {
		return whyNot;
	}

	if (chosen.length === 0) {
		return 'There is nothing to assign here.';
	}

	return () => {
		act(async () => assign(chosen));
	};
};
