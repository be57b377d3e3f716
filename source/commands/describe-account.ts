import type {AccountView} from '../domain/account-view.ts';
import {toScreen} from '../domain/raw-name.ts';
import {formatBytes, formatCount} from '../domain/units.ts';
import {showAge, showTime} from './show-time.ts';
import {formatFields} from './table.ts';

/** One account, field by field. */
export const describeAccount = (account: AccountView, now: Date): string => formatFields([
	['Account', toScreen(account.name)],
	['UUID', account.uuid],
	['Status', account.problem === null ? account.status : `${account.status}; ! ${account.problem}`],
	['Type', account.type],
	['UID, GID', `${account.uid}, ${account.gid}`],
	['Home', toScreen(account.home)],
	['Owner', account.owner === null ? 'none' : toScreen(account.owner)],
	['Email', account.email ?? 'none'],
	['Tags', listOf(account.tags)],
	['Priority group', account.priorityGroup ?? 'by its tags, else the default group'],
	['On demand', describeOnDemand(account)],
	['Excludes', listOf(account.excludes)],
	['Domains', listOf(account.domains)],
	['Databases', listOf(account.databases)],
	['Mailboxes', listOf(account.mailboxes)],
	['Encryption', `preference ${account.encryption.preference}, key ${account.encryption.key}`],
	...account.leftOutOf.map(({job, wish}) => ['Left out of', `${job}: it wants ${wish}`] as const),
	['Backups', account.backupCount === 0 ? 'none' : `${formatCount(account.backupCount)}, ${formatBytes(account.storedBytes)} stored`],
	['Last backup', account.lastBackupAt === null ? 'never' : `${showTime(account.lastBackupAt)} (${showAge(account.lastBackupAt, now)}), ${account.lastBackupStatus!}`],
]);

const describeOnDemand = ({maxOnDemand}: AccountView): string => {
	if (maxOnDemand === 'global') {
		return 'as onDemand.retain says';
	}

	return maxOnDemand === 0 ? 'not allowed' : `at most ${maxOnDemand}`;
};

const listOf = (values: readonly string[]): string => values.length === 0 ? 'none' : values.join(', ');
