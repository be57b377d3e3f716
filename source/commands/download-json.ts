import type {DownloadView} from '../domain/download-view.ts';
import {fromText, toScreen, toText} from '../domain/raw-name.ts';
import {countOf, formatBytes} from '../domain/units.ts';
import {showTime} from './show-time.ts';
import {formatTable, type Column} from './table.ts';

export const downloadFields = 'id, account, backup, items [{name, parts}], path, sizeBytes, sha256, isPartial, isEncrypted, createdAt, expiresAt, fetchCount, notes, requestedBy';

export const downloadToJson = ({id, account, backup, items, path, sizeBytes, sha256, isPartial, isEncrypted, createdAt, expiresAt, fetchCount, notes, requestedBy}: DownloadView) => ({
	id,
	account: toText(account),
	backup,
	items: items.map(({name, parts}) => ({name, parts: parts.map(part => toText(part.name))})),
	path,
	sizeBytes,
	sha256,
	isPartial,
	isEncrypted,
	createdAt,
	expiresAt,
	fetchCount,
	notes,
	requestedBy,
});

const columns: readonly Column[] = [
	{heading: 'DOWNLOAD'},
	{heading: 'ACCOUNT', isFlexible: true},
	{heading: 'CREATED'},
	{heading: 'EXPIRES'},
	{heading: 'SIZE', align: 'right'},
	{heading: 'FETCHED', align: 'right'},
	{heading: 'HOLDS', isFlexible: true},
	{heading: 'NOTES', isFlexible: true},
];

export const describeDownloads = async (downloads: readonly DownloadView[]): Promise<string> => {
	if (downloads.length === 0) {
		return 'No download: "holdfast download create" packs one.';
	}

	const table = await formatTable(columns, downloads.map(download => row(download)));

	return `${table}\n\n${countOf(downloads.length, 'download')}.`;
};

const row = ({id, account, createdAt, expiresAt, sizeBytes, fetchCount, items, notes, isPartial, isEncrypted}: DownloadView): readonly string[] => [
	id,
	toScreen(account),
	showTime(createdAt),
	expiresAt === null ? 'never' : showTime(expiresAt),
	formatBytes(sizeBytes),
	String(fetchCount),
	`${isPartial ? '! partial: ' : ''}${items.map(({name}) => name).join(', ')}${isEncrypted ? ' (encrypted)' : ''}`,
	notes === '' ? '–' : toScreen(fromText(notes)),
];
