import type {Identity} from '../../domain/account.ts';
import type {Backup} from '../../domain/backup.ts';
import {fromText, toScreen, type RawPath} from '../../domain/raw-name.ts';
import type {RestoreTarget} from '../../domain/restore.ts';
import {UserError} from '../../errors.ts';
import {refreshAccounts} from '../../state/refresh-accounts.ts';
import type {Store} from '../../state/store.ts';
import type {Clock} from '../../system/clock.ts';
import {checkHome} from './check-home.ts';

/** Where a restore writes, and as whom. */
export type ResolvedTarget = {
	readonly path: RawPath;
	readonly isOriginal: boolean;
	readonly account: {readonly uid: number; readonly gid: number};
};

type TargetTools = {readonly store: Store; readonly clock: Clock};

/**
Decides where a backup's home goes. Asked before a restore is queued and again before it begins.
@throws UserError `refused` when the original place is somebody else's by now.
*/
export const resolveRestoreTarget = async ({store, clock}: TargetTools, backup: Backup, target: RestoreTarget): Promise<ResolvedTarget> => {
	const {identities} = await refreshAccounts(store, {clock});
	const owner = identities.find(({uuid}) => uuid === backup.accountUuid);

	if (target.type === 'folder') {
		return {path: fromText(target.path), isOriginal: false, account: owner ?? {uid: 0, gid: 0}};
	}

	if (owner === undefined || owner.status === 'inactive') {
		throw refuseOriginal(backup, identities);
	}

	checkHome(owner);

	return {path: owner.home, isOriginal: true, account: {uid: owner.uid, gid: owner.gid}};
};

const refuseOriginal = ({account, accountUuid, id}: Backup, identities: readonly Identity[]): UserError => {
	const name = toScreen(account);
	const successor = identities.find(identity => identity.name === account && identity.status !== 'inactive' && identity.uuid !== accountUuid);

	return new UserError(successor === undefined
		? `The account ${name} does not exist any more.`
		: `The backup ${id} is of another account that was named ${name} too: the account of today is not its owner.`, {
		code: 'refused',
		hint: `Restore into a folder with "holdfast restore ${id} --to DIR".`,
	});
};
