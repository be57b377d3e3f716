import type {AccountView} from '../../../domain/account-view.ts';
import {countOf, formatBytes, formatCount} from '../../../domain/units.ts';
import type {ReportColumn} from '../../components/report-table.tsx';
import {factLine} from '../../components/fact-line.ts';
import {glyph} from '../../look/appearance.ts';
import {clipStart} from '../../look/fit.ts';
import {showName, showSentence} from '../../look/name.ts';
import {
	muted,
	plain,
	strong,
	textOf,
	toned,
	type Line,
} from '../../look/span.ts';
import {lastBackupLine} from '../accounts/accounts-list.ts';

export const factColumns: readonly ReportColumn[] = [
	{title: 'STATUS'}, {title: 'TYPE'}, {title: 'UID'}, {title: 'LAST BACKUP'}, {title: 'BACKUPS', alignment: 'right'}, {title: 'STORED', alignment: 'right'},
];

export const factRow = (account: AccountView, now: Date): readonly string[] => [
	account.status,
	account.type,
	String(account.uid),
	textOf(lastBackupLine(account, now)),
	formatCount(account.backupCount),
	account.backupCount === 0 ? glyph('none') : formatBytes(account.storedBytes),
];

/** What was set for the account, a line each; what is not set is left out, except what can be changed here. */
export const settingLines = (account: AccountView): readonly Line[] => [
	...(account.problem === null ? [] : [factLine('Problem', [toned('warning', showSentence(account.problem))])]),
	factLine('Email', [account.email === null ? muted('none: nobody is told about its backups') : plain(account.email)]),
	factLine('Excludes', [account.excludes.length === 0 ? muted('none: the whole home is backed up') : plain(account.excludes.join('  '))]),
	...listLine('Tags', account.tags),
	...(account.owner === null ? [] : [factLine('Owner', [plain(showName(account.owner))])]),
	...(account.priorityGroup === null ? [] : [factLine('Priority', [plain(account.priorityGroup)])]),
	...(account.maxOnDemand === 'global' ? [] : [factLine('On demand', [plain(account.maxOnDemand === 0 ? 'not allowed' : `${countOf(account.maxOnDemand, 'backup')} kept`)])]),
	...listLine('Domains', account.domains),
	...listLine('Databases', account.databases),
	...listLine('Mailboxes', account.mailboxes),
	...(account.encryption.preference === 'any' && account.encryption.key === 'none' ? [] : [factLine('Encryption', [plain(`${account.encryption.preference}, key: ${account.encryption.key}`)])]),
];

const listLine = (title: string, values: readonly string[]): readonly Line[] => values.length === 0 ? [] : [factLine(title, [plain(values.join('  '))])];

/** Everything known of an account, for the second pane. */
export const accountDetails = (account: AccountView, {now, width}: {readonly now: Date; readonly width: number}): readonly Line[] => {
	const shownHome = clipStart(showName(account.home), width - 13);

	return [
		[strong(showName(account.name)), muted(`  ${account.status}, ${account.type}`)],
		[],
		factLine('Home', [plain(shownHome)]),
		factLine('UID, GID', [plain(`${account.uid}, ${account.gid}`)]),
		factLine('Last backup', lastBackupLine(account, now)),
		factLine('Backups', [plain(formatCount(account.backupCount)), muted(account.backupCount === 0 ? '' : `  ${formatBytes(account.storedBytes)} stored`)]),
		...(account.isLimited ? [] : settingLines(account)),
		factLine('UUID', [muted(account.uuid)]),
	];
};
