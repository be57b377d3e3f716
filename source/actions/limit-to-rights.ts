import type {Backup} from '../domain/backup.ts';
import type {RestoreRequest} from '../domain/restore.ts';
import {limitRestore, type LimitedRestore} from '../runner/tasks/limit-restore.ts';
import {readSetting} from '../state/read-setting.ts';
import {refreshAccounts} from '../state/refresh-accounts.ts';
import {findBackup} from './backups.ts';
import type {Context} from './context.ts';
import {readLimits} from './limits.ts';

/** A restore as far as the actor may have it. Throws as `limitRestore`. */
export const limitToRights = async (context: Context, backup: Backup, request: RestoreRequest): Promise<LimitedRestore> => {
	const {identities} = await refreshAccounts(context.store, context);

	return limitRestore(request, {
		limits: await readLimits(context),
		backup,
		account: identities.find(({uuid, status}) => uuid === backup.accountUuid && status !== 'inactive'),
		machine: await readSetting(context.store, 'machine.name'),
		sourceOf: async id => findBackup(context, id),
	});
};
