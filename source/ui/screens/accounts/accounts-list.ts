import {sortAccounts, type AccountSortKey, type AccountView} from '../../../domain/account-view.ts';
import type {Tag} from '../../../domain/tag.ts';
import {formatBytes, formatCount} from '../../../domain/units.ts';
import type {Column} from '../../components/table.ts';
import type {ListDescription, Sort} from '../../list/list-state.ts';
import {glyph} from '../../look/appearance.ts';
import {showName} from '../../look/name.ts';
import {
	muted,
	plain,
	toned,
	type Line,
	type Span,
	type Tone,
} from '../../look/span.ts';
import {tagTone} from '../../look/tag-tone.ts';
import {showAge} from '../../look/time.ts';

const sort = (name: string, key: AccountSortKey, isDescending?: true): Sort<AccountView> => ({
	name,
	arrange: (accounts, isReversed) => sortAccounts(accounts, {key, isReversed}),
	...(isDescending && {isDescending}),
});

/** Finds the accounts that have a tag, and no others. */
export const tagWord = (tag: string): string => `tag:${tag};`;

export const accountsList: ListDescription<AccountView> = {
	idOf: ({uuid}) => uuid,
	searchText: ({name, tags, status, owner, lastBackupStatus}) => [showName(name), ...tags.map(tag => tagWord(tag)), status, owner === null ? '' : showName(owner), lastBackupStatus ?? 'never'].join(' '),
	sorts: [
		sort('name', 'name'),
		sort('last backup', 'lastBackup', true),
		sort('backups', 'backups', true),
		sort('size', 'size', true),
		sort('status', 'status'),
		{...sort('tags', 'tag'), groupOf: ({tags}) => tags.length === 0 ? 'no tag' : tags.toSorted().join(' ')},
	],
	bytesOf: ({storedBytes}) => storedBytes ?? 0,
};

export const accountColumns = (now: Date, tags: readonly Tag[]): ReadonlyArray<Column<AccountView>> => columnsOf(now, new Map(tags.map(({name, color}) => [name, tagTone(color)])));

const columnsOf = (now: Date, tones: ReadonlyMap<string, Tone>): ReadonlyArray<Column<AccountView>> => [
	{title: 'ACCOUNT', width: {share: 3, least: 12}, cell: ({name}) => plain(showName(name))},
	{
		title: 'TAGS', leaves: 3, width: {share: 2, least: 10}, cell: ({tags}) => tagsLine(tags, tones),
	},
	{
		title: 'OWNER', leaves: 1, width: 12, cell: ({owner}) => owner === null ? muted(glyph('none')) : plain(showName(owner)),
	},
	{title: 'LAST BACKUP', width: 20, cell: account => lastBackupLine(account, now)},
	{
		title: 'BACKUPS', leaves: 2, width: 7, alignment: 'right', cell: ({backupCount}) => plain(formatCount(backupCount)),
	},
	{
		title: 'SIZE', width: 8, alignment: 'right', cell: ({backupCount, storedBytes}) => backupCount === 0 ? muted(glyph('none')) : plain(formatBytes(storedBytes)),
	},
	{title: 'STATUS', width: 11, cell: account => statusSpan(account)},
];

export const lastBackupLine = ({lastBackupAt, lastBackupStatus}: Pick<AccountView, 'lastBackupAt' | 'lastBackupStatus'>, now: Date): Line => lastBackupAt === null ? [toned('warning', 'never')] : [plain(`${showAge(lastBackupAt, now)} `), backupStatusSpan(lastBackupStatus ?? 'complete')];

/** A complete backup needs one glyph, anything else its word. */
const backupStatusSpan = (status: NonNullable<AccountView['lastBackupStatus']>): Span => {
	if (status === 'complete') {
		return toned('good', glyph('good'));
	}

	return status === 'partial' ? toned('warning', `${glyph('warning')} partial`) : toned('bad', `${glyph('bad')} damaged`);
};

/** The dot has the tag's colour. */
const tagsLine = (tags: readonly string[], tones: ReadonlyMap<string, Tone>): Line => tags.flatMap((tag, index) => [plain(index === 0 ? '' : ' '), toned(tones.get(tag) ?? 'plain', glyph('tag')), plain(tag)]);

const statusSpan = ({status, problem}: AccountView): Span => {
	if (problem !== null) {
		return toned('warning', `${glyph('warning')} ${status}`);
	}

	return status === 'active' ? plain(status) : toned('warning', status);
};
