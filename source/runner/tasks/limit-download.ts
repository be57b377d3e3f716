import type {Backup} from '../../domain/backup.ts';
import type {Limits} from '../../domain/backup-view.ts';
import type {DownloadRequest} from '../../domain/download.ts';
import {UserError} from '../../errors.ts';
import {readSetting} from '../../state/read-setting.ts';
import {refreshAccounts} from '../../state/refresh-accounts.ts';
import type {Store} from '../../state/store.ts';
import type {Clock} from '../../system/clock.ts';
import {limitRestore, type LimitedRestore} from './limit-restore.ts';

export type LimitDownloadOptions = {
	readonly store: Store;
	readonly clock: Clock;
	readonly backup: Backup;
	readonly limits: Limits;
};

/**
A download is a restore that changes nothing live: the rights decide by where things were stored. Asked when it is queued and again when it is packed.
@throws UserError `refused`, `notFound`
*/
export const limitDownload = async ({items, selection}: Pick<DownloadRequest, 'items' | 'selection'>, {store, clock, backup, limits}: LimitDownloadOptions): Promise<LimitedRestore> => {
	if (limits !== undefined) {
		await requireLive({store, clock}, backup);
	}

	return limitRestore({
		backup: backup.id, items, selection, target: {type: 'original'}, isMerge: false,
	}, {
		limits,
		backup,
		account: {name: backup.account, home: backup.home ?? '/'},
		machine: backup.machine ?? await readSetting(store, 'machine.name'),
		sourceOf: async () => backup,
	});
};

/** For a USER there are no backups of accounts that are gone. */
const requireLive = async ({store, clock}: Pick<LimitDownloadOptions, 'store' | 'clock'>, {accountUuid}: Backup): Promise<void> => {
	const {identities} = await refreshAccounts(store, {clock});

	if (identities.every(({uuid, status}) => uuid !== accountUuid || status === 'inactive')) {
		throw new UserError('The account is not there any more.', {code: 'refused', hint: 'Ask an administrator of this server.'});
	}
};
