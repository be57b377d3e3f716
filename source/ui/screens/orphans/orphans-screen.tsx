import {useMemo} from 'react';
import type {OrphanView} from '../../../domain/orphan.ts';
import {countOf, formatBytes, formatCount} from '../../../domain/units.ts';
import {Panes, useDetails} from '../../components/details-pane.tsx';
import {Screen} from '../../components/screen.tsx';
import {useBodySize} from '../../components/size.ts';
import type {Column} from '../../components/table.ts';
import {useInterface} from '../../interface.ts';
import {useKeys} from '../../keys/use-keys.ts';
import {headingHeight, ListBody} from '../../list/list-body.tsx';
import {ListInfo} from '../../list/list-info.tsx';
import {sortBy, type ListDescription} from '../../list/list-state.ts';
import {useList} from '../../list/use-list.ts';
import {glyph} from '../../look/appearance.ts';
import {showName, showSentence} from '../../look/name.ts';
import {factLine} from '../../components/fact-line.ts';
import {
	muted,
	plain,
	strong,
	toned,
	type Line,
	type Span,
} from '../../look/span.ts';
import {showAge, showTime} from '../../look/time.ts';
import {useSession} from '../../session.ts';
import {useLoaded, whyNothing} from '../../use-loaded.ts';
import {useOrphanActs} from './use-orphan-acts.ts';

const never = '9999';

export const orphansList: ListDescription<OrphanView> = {
	idOf: ({uuid}) => uuid,
	searchText: ({name, uuid, encrypted, lockedCount}) => [showName(name), uuid, encrypted ? 'encrypted' : '', lockedCount > 0 ? 'locked' : ''].join(' '),
	sorts: [
		sortBy('reclaimable', ({reclaimableBytes, sizeBytes}) => reclaimableBytes ?? sizeBytes, true),
		sortBy('size', ({sizeBytes}) => sizeBytes, true),
		sortBy('last seen', ({lastSeenAt}) => lastSeenAt),
		sortBy('name', ({name}) => name),
		sortBy('expires', ({expiresAt}) => expiresAt ?? never),
	],
	bytesOf: ({reclaimableBytes}) => reclaimableBytes ?? 0,
	// What is reclaimable is measured while the first look is under way.
	staysFirst: true,
};

/** `isHeld`: whether any of them is. */
const orphanColumns = (now: Date, isHeld: boolean): ReadonlyArray<Column<OrphanView>> => [
	{title: 'ACCOUNT', width: {share: 1, least: 12}, cell: ({name}) => plain(showName(name))},
	{
		title: 'UUID', leaves: 2, width: 9, cell: ({uuid}) => muted(uuid.slice(0, 8)),
	},
	{title: 'LAST SEEN', width: 10, cell: ({lastSeenAt}) => plain(showAge(lastSeenAt, now))},
	{
		title: 'BACKUPS', leaves: 5, width: 7, alignment: 'right', cell: ({backupCount}) => plain(formatCount(backupCount)),
	},
	{
		title: 'OLDEST', leaves: 1, width: 10, cell: ({oldestAt}) => plain(showTime(oldestAt).slice(0, 10)),
	},
	{
		title: 'NEWEST', leaves: 3, width: 10, cell: ({newestAt}) => plain(showTime(newestAt).slice(0, 10)),
	},
	{
		title: 'SIZE', width: 7, alignment: 'right', cell: ({sizeBytes}) => plain(formatBytes(sizeBytes)),
	},
	{
		title: 'RECLAIMABLE', width: 11, alignment: 'right', cell: ({reclaimableBytes}) => reclaimableBytes === null ? muted(glyph('none')) : plain(formatBytes(reclaimableBytes)),
	},
	{title: 'EXPIRES', width: 10, cell: orphan => expirySpan(orphan)},
	...(isHeld ? [{title: 'HELD', width: 9, cell: heldLine}] : []),
];

/** What stands in the way of deleting or reading it. */
const heldLine = ({lockedCount, encrypted}: OrphanView): Line => {
	const locked = lockedCount === 0 ? [] : [toned('accent', `${formatCount(lockedCount)} lock${encrypted ? '+' : ''}`)];

	return [...locked, ...(encrypted ? [plain('key')] : [])];
};

const expirySpan = ({expiresAt, lockedCount, backupCount}: OrphanView): Span => {
	if (expiresAt !== null) {
		return plain(showTime(expiresAt).slice(0, 10));
	}

	return lockedCount === backupCount ? toned('accent', 'locked') : muted('never');
};

const orphanDetails = (orphan: OrphanView): readonly Line[] => [
	[strong(showName(orphan.name))],
	[],
	factLine('UUID', [plain(orphan.uuid)]),
	factLine('Last seen', [plain(showTime(orphan.lastSeenAt))]),
	factLine('Backups', [plain(formatCount(orphan.backupCount))]),
	factLine('Oldest', [plain(showTime(orphan.oldestAt))]),
	factLine('Newest', [plain(showTime(orphan.newestAt))]),
	factLine('Size', [plain(formatBytes(orphan.sizeBytes))]),
	factLine('Reclaimable', [plain(orphan.reclaimableBytes === null ? 'not measured' : formatBytes(orphan.reclaimableBytes))]),
	factLine('Locked', [plain(formatCount(orphan.lockedCount))]),
	factLine('Encrypted', [plain(orphan.encrypted ? 'yes' : 'no')]),
	factLine('Expires', [plain(orphan.expiresAt === null ? 'never' : showTime(orphan.expiresAt))]),
];

/** Backups of accounts that are gone. */
export function OrphansScreen() {
	const {data, now} = useSession();
	const {height} = useBodySize();
	const {value, error} = useLoaded('orphans', async () => data.listOrphans());
	const measured = useLoaded('measured orphans', async () => data.measureOrphans());
	const orphans = useMemo(() => value && withMeasures(value.orphans, measured.value ?? []), [value, measured.value]);
	const list = useList({description: orphansList, items: orphans, height: height - headingHeight - 1});
	const {focused, chosen} = list;
	const {enter} = useInterface();
	const acts = useOrphanActs({focused, chosen});
	const details = useDetails({about: focused?.uuid, lines: () => focused === undefined ? [] : orphanDetails(focused)});
	const keys = useKeys('orphans', {
		...list.handlers,
		...details.handlers,
		...acts,
		open: focused === undefined
			? whyNothing(value, 'orphan')
			: () => {
				enter({screen: 'backups', account: focused, isGone: true});
			},
	});

	return (
		<Screen
			info={<ListInfo description={orphansList} dispatch={list.dispatch} remark={measured.error === undefined ? remark(value) : showSentence(measured.error.message)} state={list.state}/>}
			keys={keys}
		>
			<Panes pane={details.pane}>
				<ListBody
					columns={orphanColumns(now(), list.state.items.some(({lockedCount, encrypted}) => lockedCount > 0 || encrypted))}
					description={orphansList}
					emptyText='There is none: every backup belongs to an account that is there.'
					error={error}
					footer={[totalLine(list.state.rows)]}
					state={list.state}
					waitingFor={value === undefined ? 'Reading accounts and backups' : undefined}
					width={details.listWidth}
				/>
			</Panes>
		</Screen>
	);
}

/** What is not measured yet keeps what was shown. */
const withMeasures = (orphans: readonly OrphanView[], measured: readonly OrphanView[]): readonly OrphanView[] => {
	const bytes = new Map(measured.map(({uuid, reclaimableBytes}) => [uuid, reclaimableBytes]));

	return orphans.map(orphan => ({...orphan, reclaimableBytes: bytes.get(orphan.uuid) ?? null}));
};

const remark = (value: {readonly orphans: readonly OrphanView[]; readonly problem: string | null} | undefined): string => {
	if (value === undefined) {
		return '';
	}

	return value.problem === null ? countOf(value.orphans.length, 'orphan') : showSentence(value.problem);
};

/** At the bottom: what all that are shown come to. */
const totalLine = (orphans: readonly OrphanView[]): Line => {
	const sum = (numberOf: (orphan: OrphanView) => number): number => orphans.reduce((total, orphan) => total + numberOf(orphan), 0);
	// Together they may free more, what they share, or less, what is freed with any of them.
	const reclaimable = orphans.some(({reclaimableBytes}) => reclaimableBytes === null) ? 'not measured' : `${formatBytes(sum(({reclaimableBytes}) => reclaimableBytes ?? 0))}${orphans.length > 1 ? ', each by itself' : ''}`;

	return [strong('   in all: '), plain(`${countOf(sum(({backupCount}) => backupCount), 'backup')}, ${formatBytes(sum(({sizeBytes}) => sizeBytes))}; reclaimable: ${reclaimable}`)];
};
