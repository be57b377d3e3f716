import {statfs} from 'node:fs/promises';
import {formatBytes} from '../../domain/units.ts';
import type {VaultLocation} from '../../engine/engine.ts';
import {UserError} from '../../errors.ts';
import {readSetting} from '../../state/read-setting.ts';
import type {Store} from '../../state/store.ts';

/** A full disk stops more than backups, so some of it stays free. A folder that is not there is the engine's to name. */
export const checkSpace = async ({folder}: VaultLocation, store: Store): Promise<void> => {
	const [minFreeBytes, freeBytes] = await Promise.all([readSetting(store, 'destination.minFreeBytes'), readFreeBytes(folder)]);

	if (freeBytes !== undefined && freeBytes < minFreeBytes) {
		throw new UserError(`Only ${formatBytes(freeBytes)} are free at the destination ${folder}, and ${formatBytes(minFreeBytes)} have to stay free.`, {
			code: 'refused',
			hint: 'Make room there, or lower the limit with "holdfast setting set destination.minFreeBytes".',
		});
	}
};

const readFreeBytes = async (folder: string): Promise<number | undefined> => {
	try {
		const {bavail, bsize} = await statfs(folder);

		return bavail * bsize;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return undefined;
		}

		throw error;
	}
};
