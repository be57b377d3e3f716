import type {KeptOfAccount} from '../../../actions/preview-retention.ts';
import type {RetentionDecision} from '../../../domain/retention.ts';
import {countOf, formatBytes} from '../../../domain/units.ts';
import type {Column} from '../../components/table.ts';
import {sortBy, type ListDescription} from '../../list/list-state.ts';
import {showName, showSentence} from '../../look/name.ts';
import {muted, plain, toned} from '../../look/span.ts';
import {showTime} from '../../look/time.ts';
import {kindWords} from '../backups/backups-list.ts';

/** A backup, or all that an account keeps. */
export type RetentionRow =
	| ({readonly type: 'backup'} & RetentionDecision)
	| ({readonly type: 'account'} & KeptOfAccount);

export const retentionList: ListDescription<RetentionRow> = {
	idOf: row => row.type === 'backup' ? row.backup.id : row.uuid,
	searchText(row) {
		if (row.type === 'account') {
			return `${showName(row.name)} kept`;
		}

		const {backup, isKept, reasons} = row;

		return [backup.id, showName(backup.account), kindWords[backup.kind], backup.job ?? '', isKept ? 'kept' : 'removed', ...reasons].join(' ');
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
	{title: '', width: 8, cell: row => row.type === 'account' || row.isKept ? toned('good', 'kept') : toned('warning', 'removed')},
	{title: 'ACCOUNT', width: {share: 1, least: 12}, cell: row => plain(showName(nameOf(row)))},
	{title: 'CREATED', width: 16, cell: row => plain(row.type === 'backup' ? showTime(row.backup.createdAt) : countOf(row.count, 'backup'))},
	{
		title: 'SIZE', leaves: 1, width: 7, alignment: 'right', cell: row => plain(formatBytes(sizeOf(row))),
	},
	{title: 'WHY', width: {share: 3, least: 30}, cell: row => muted(whyOf(row))},
];

/** The reasons, or how to see them. */
export const whyOf = (row: RetentionRow): string => row.type === 'backup' ? showSentence(row.reasons.join('; ')) : 'Enter shows each with its reasons';

const nameOf = (row: RetentionRow): string => row.type === 'backup' ? row.backup.account : row.name;

const sizeOf = (row: RetentionRow): number => row.type === 'backup' ? row.backup.sizeBytes : row.storedBytes;
