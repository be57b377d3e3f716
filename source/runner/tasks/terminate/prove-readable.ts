import {byVault, type Backup} from '../../../domain/backup.ts';
import type {RawPath} from '../../../domain/raw-name.ts';
import {unheldOf, type Unheld} from '../../../engine/restore/unheld.ts';
import {openVault} from '../../../engine/vault/vault.ts';
import {UserError} from '../../../errors.ts';
import {readSetting} from '../../../state/read-setting.ts';
import type {Store} from '../../../state/store.ts';
import {readVaultLocation} from '../../vault-location.ts';
import type {TaskTools} from '../task-tools.ts';

/**
Reads every stored byte of the backups and checks it.
@throws UserError `damaged` with nothing live touched
*/
export const proveReadable = async (sources: readonly Backup[], {store, ownerKeys, engine, signal}: TaskTools): Promise<void> => {
	for (const [place, backups] of byVault(new Set(sources))) {
		const {damaged, intact} = await engine().verify({
			vault: await readVaultLocation({store, ownerKeys}, place),
			backups: backups.map(({accountUuid, id}) => ({accountUuid, backupId: id})),
			isDataRead: true,
			threads: await readSetting(store, 'engine.threads'),
		}, {signal});
		const bad = backups.find(({id}) => damaged.some(({backupId}) => backupId === id) || intact.every(({backupId}) => backupId !== id));

		if (bad !== undefined) {
			throw new UserError(`The backup ${bad.id} cannot be read whole; nothing live was touched.`, {code: 'damaged', hint: `What is damaged tells "holdfast backup verify ${bad.id} --read-data"; choose another backup.`});
		}
	}
};

/** What a backup of a home could not hold. */
export const readUnheld = async (store: Store, {accountUuid, id, ...place}: Backup, foreignPaths: readonly RawPath[]): Promise<Unheld> => {
	const vault = await openVault(await readVaultLocation({store}, place));

	try {
		return unheldOf(vault.readManifest(accountUuid, id), foreignPaths);
	} finally {
		vault.close();
	}
};
