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

/** `isRecreating`: *config* is restored first, which makes a removed account again. */
export type TargetRequest = {readonly target: RestoreTarget; readonly isRecreating: boolean};

/**
Decides where a backup's home goes. Asked before a restore is queued and again before it begins.
@throws UserError `refused` when the original place is somebody else's by now.
*/
export const resolveRestoreTarget = async ({store, clock}: TargetTools, backup: Backup, {target, isRecreating}: TargetRequest): Promise<ResolvedTarget> => {
	const {identities} = await refreshAccounts(store, {clock});
	const owner = identities.find(({uuid}) => uuid === backup.accountUuid);

	if (target.type === 'folder') {
		return {path: fromText(target.path), isOriginal: false, account: owner ?? {uid: 0, gid: 0}};
	}

	if (isRecreating && owner?.status === 'inactive' && isFree(owner, identities)) {
		return {path: owner.home, isOriginal: true, account: {uid: owner.uid, gid: owner.gid}};
	}

	if (owner === undefined || owner.status === 'inactive') {
		throw refuseOriginal(backup, identities);
	}

	checkHome(owner);

	return {path: owner.home, isOriginal: true, account: {uid: owner.uid, gid: owner.gid}};
};

/** Whether no live account has its name or its UID. */
const isFree = ({name, uid}: Identity, identities: readonly Identity[]): boolean =>
	identities.every(identity => identity.status === 'inactive' || (identity.name !== name && identity.uid !== uid));

const refuseOriginal = ({account, accountUuid, id, items}: Backup, identities: readonly Identity[]): UserError => {
	const name = toScreen(account);
	const successor = identities.find(identity => identity.name === account && identity.status !== 'inactive' && identity.uuid !== accountUuid);

	return new UserError(successor === undefined
		? `The account ${name} does not exist any more.`
		: `The backup ${id} is of another account that was named ${name} too: the account of today is not its owner.`, {
		code: 'refused',
		hint: successor === undefined && items.some(({name: item, status}) => item === 'config' && status === 'complete')
			? `Make it again by restoring the item config, too, or restore into a folder with "holdfast restore ${id} --to DIR".`
			: `Restore into a folder with "holdfast restore ${id} --to DIR".`,
	});
};
