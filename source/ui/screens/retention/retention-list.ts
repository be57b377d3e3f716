import type {RetentionOfAccount} from '../../../actions/preview-retention.ts';
import type {RetentionDecision} from '../../../domain/retention.ts';
import type {RotatedBackup} from '../../../domain/rotation-digest.ts';
import {countOf, formatBytes} from '../../../domain/units.ts';
import type {Column} from '../../components/table.ts';
import {sortBy, type ListDescription} from '../../list/list-state.ts';
import {showName, showSentence} from '../../look/name.ts';
import {muted, plain, toned} from '../../look/span.ts';
import {showTime} from '../../look/time.ts';
import {kindWords} from '../backups/backups-list.ts';

/** A backup, or all of an account that stay or go. */
export type RetentionRow =
	| ({readonly type: 'backup'} & RetentionDecision<RotatedBackup>)
	| ({readonly type: 'account'; readonly isKept: boolean} & RetentionOfAccount);

export const retentionList: ListDescription<RetentionRow> = {
	idOf: row => row.type === 'backup' ? row.backup.id : `${row.uuid}${verdictOf(row)}`,
	searchText(row) {
		if (row.type === 'account') {
			return `${showName(row.name)} ${verdictOf(row)}`;
		}

		const {backup, reasons} = row;

		return [backup.id, showName(backup.account), kindWords[backup.kind], backup.job ?? '', verdictOf(row), ...reasons].join(' ');
	},
	sorts: [
		{name: 'verdict', arrange: (rows, isReversed) => isReversed ? rows.toReversed() : rows},
		sortBy('account', row => nameOf(row)),
		sortBy('date', row => row.type === 'backup' ? row.backup.createdAt : '', true),
		sortBy('size', row => sizeOf(row), true),
	],
	bytesOf: row => row.type === 'backup' ? row.backup.storedBytes : row.storedBytes,
};

export const retentionColumns: ReadonlyArray<Column<RetentionRow>> = [
	{title: '', width: 8, cell: row => toned(row.isKept ? 'good' : 'warning', verdictOf(row))},
	{title: 'ACCOUNT', width: {share: 1, least: 12}, cell: row => plain(showName(nameOf(row)))},
	{title: 'CREATED', width: 16, cell: row => plain(row.type === 'backup' ? showTime(row.backup.createdAt) : countOf(row.count, 'backup'))},
	{
		title: 'SIZE', leaves: 1, width: 7, alignment: 'right', cell: row => plain(formatBytes(sizeOf(row))),
	},
	{title: 'WHY', width: {share: 3, least: 30}, cell: row => muted(whyOf(row))},
];

/** The reasons, or how to see them. */
export const whyOf = (row: RetentionRow): string => row.type === 'backup' ? showSentence(row.reasons.join('; ')) : 'Enter shows each with its reasons';

const verdictOf = ({isKept}: RetentionRow): string => isKept ? 'kept' : 'removed';

const nameOf = (row: RetentionRow): string => row.type === 'backup' ? row.backup.account : row.name;

const sizeOf = (row: RetentionRow): number => row.type === 'backup' ? row.backup.sizeBytes : row.storedBytes;
