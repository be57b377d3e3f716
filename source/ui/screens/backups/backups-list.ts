import type {BackupKind, BackupStatus} from '../../../domain/backup.ts';
import type {BackupView, ItemView} from '../../../domain/backup-view.ts';
import {itemNames, type ItemName} from '../../../domain/item.ts';
import {formatBytes, formatCount} from '../../../domain/units.ts';
import type {Column} from '../../components/table.ts';
import {sortBy, type ListDescription} from '../../list/list-state.ts';
import {glyph} from '../../look/appearance.ts';
import {
	muted,
	plain,
	toned,
	type Line,
	type Span,
} from '../../look/span.ts';
import {showAge, showTime} from '../../look/time.ts';

export const kindWords: Readonly<Record<BackupKind, string>> = {
	scheduled: 'schedule',
	manual: 'manual',
	onDemand: 'on demand',
	safety: 'safety',
	imported: 'imported',
};

export const backupsList: ListDescription<BackupView> = {
	idOf: ({id}) => id,
	searchText: ({id, createdAt, kind, status, structure, job, locked, encrypted}) =>
		[id, showTime(createdAt), kindWords[kind], status, structure, job ?? '', locked ? 'locked' : '', encrypted ? 'encrypted' : ''].join(' '),
	sorts: [
		sortBy('date', ({createdAt}) => createdAt, true),
		sortBy('size', ({sizeBytes}) => sizeBytes ?? 0, true),
		sortBy('kind', ({kind}) => kindWords[kind]),
		sortBy('status', ({status}) => status),
	],
	bytesOf: ({storedBytes}) => storedBytes ?? 0,
};

/** `sizeOf`: of what is chosen from, where that is a part of each backup. */
export const backupColumns = (now: Date, sizeOf = ({sizeBytes}: BackupView) => sizeBytes): ReadonlyArray<Column<BackupView>> => [
	{title: 'CREATED', width: 16, cell: ({createdAt}) => plain(showTime(createdAt))},
	{
		title: 'AGE', leaves: 4, width: 10, cell: ({createdAt}) => plain(showAge(createdAt, now)),
	},
	{title: 'KIND', width: {share: 1, least: 9}, cell: ({kind}) => plain(kindWords[kind])},
	{
		title: 'JOB', leaves: 2, width: 12, cell: ({job}) => muted(job ?? ''),
	},
	{
		title: 'STRUCTURE', leaves: 2, width: 11, cell: ({structure}) => plain(structure),
	},
	{
		title: 'ITEMS', leaves: 5, width: 9, cell: ({items}) => itemLetters(items),
	},
	{
		title: 'FILES', leaves: 3, width: 9, alignment: 'right', cell: ({fileCount}) => plain(formatCount(fileCount)),
	},
	{
		title: 'SIZE', width: 7, alignment: 'right', cell: backup => plain(formatBytes(sizeOf(backup))),
	},
	{
		title: 'ADDED', leaves: 1, width: 7, alignment: 'right', cell: ({storedBytes}) => plain(formatBytes(storedBytes)),
	},
	{title: '', width: 6, cell: ({locked, encrypted}) => plain(locked ? 'locked' : (encrypted ? 'key' : ''))},
	{title: 'STATUS', width: 10, cell: ({status}) => backupStatusSpan(status)},
];

export const backupStatusSpan = (status: BackupStatus): Span => {
	switch (status) {
		case 'complete': {
			return toned('good', `${glyph('good')} complete`);
		}

		case 'partial': {
			return toned('warning', `${glyph('warning')} partial`);
		}

		case 'damaged': {
			return toned('bad', `${glyph('bad')} damaged`);
		}
	}
};

/** One letter for each item a backup holds, in the order of a restore. */
const letters: Readonly<Record<ItemName, string>> = {
	config: 'C',
	homedir: 'H',
	'database-users': 'U',
	databases: 'D',
	zones: 'Z',
	certificates: 'T',
	emails: 'E',
	ftp: 'F',
	cron: 'R',
};

export const itemWords: Readonly<Record<ItemName, string>> = {
	config: 'Panel config',
	homedir: 'Home directory',
	'database-users': 'Database users',
	databases: 'Databases',
	zones: 'Zones',
	certificates: 'Certificates',
	emails: 'Emails',
	ftp: 'FTP',
	cron: 'Cron',
};

const itemLetters = (items: readonly ItemView[]): Line => itemNames.flatMap((name): readonly Span[] => {
	const status = items.find(item => item.name === name)?.status;

	if (status === 'complete') {
		return [plain(letters[name])];
	}

	return status === 'partial' || status === 'failed' ? [toned('warning', `${letters[name]}${glyph('warning')}`)] : [];
});

/** All nine fit into 80 columns. */
const shortWords: Readonly<Record<ItemName, string>> = {
	config: 'config',
	homedir: 'home',
	'database-users': 'DB users',
	databases: 'DBs',
	zones: 'zones',
	certificates: 'TLS',
	emails: 'mail',
	ftp: 'FTP',
	cron: 'cron',
};

/** What the letters mean, for those that occur. */
export const explainLetters = (backups: readonly BackupView[]): string => {
	const present = new Set(backups.flatMap(({items}) => items.filter(({status}) => status !== 'absent' && status !== 'skipped').map(({name}) => name)));

	return itemNames.filter(name => present.has(name)).map(name => `${letters[name]} ${shortWords[name]}`).join('  ');
};
