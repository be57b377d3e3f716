import type {AccountView} from '../domain/account-view.ts';
import {toText} from '../domain/raw-name.ts';

/** The fields of an account, in words for the help. */
export const accountFields = 'uuid, name, uid, gid, home, status (active, suspended or inactive), type (administrator, reseller or user), owner, email, tags, priorityGroup, maxOnDemand, excludes, domains, databases, mailboxes, encryption {preference, key}, leftOutOf [{job, wish}] (jobs that leave it out for its own wish), backupCount, lastBackupAt, storedBytes';

/** An account as `--json` prints it: names from disk as text. */
export const accountToJson = (account: AccountView) => ({
	uuid: account.uuid,
	name: toText(account.name),
	uid: account.uid,
	gid: account.gid,
	home: toText(account.home),
	status: account.status,
	type: account.type,
	...account.isLimited ? noSettings : settingsOf(account),
	backupCount: account.backupCount,
	lastBackupAt: account.lastBackupAt,
	storedBytes: account.storedBytes,
});

const settingsOf = (account: AccountView) => ({
	owner: account.owner === null ? null : toText(account.owner),
	email: account.email,
	tags: account.tags,
	priorityGroup: account.priorityGroup,
	maxOnDemand: account.maxOnDemand,
	excludes: account.excludes,
	domains: account.domains,
	databases: account.databases,
	mailboxes: account.mailboxes,
	encryption: account.encryption,
	leftOutOf: account.leftOutOf,
});

const noSettings = {
	owner: null, email: null, tags: null, priorityGroup: null, maxOnDemand: null, excludes: null, domains: null, databases: null, mailboxes: null, encryption: null, leftOutOf: null,
};
