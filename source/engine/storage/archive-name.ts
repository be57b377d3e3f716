import type {Structure} from '../../domain/backup.ts';
import type {ItemName} from '../../domain/item.ts';

export type BackupRef = {readonly accountUuid: string; readonly backupId: string};

/** Where the archives of archived and compressed backups lie: a folder for each account, and in it one for each backup. */
export const archivesFolder = 'archives';

export const archiveFolder = ({accountUuid, backupId}: BackupRef): string => `${archivesFolder}/${accountUuid}/${backupId}`;

/** The object that holds an item of an archived or compressed backup. */
export const archiveName = (backup: BackupRef, item: ItemName, structure: Structure): string =>
	`${archiveFolder(backup)}/${item}.${structure === 'compressed' ? 'tar.gz' : 'tar'}`;

/** The backup that an archive belongs to. */
export const backupOfArchive = (name: string): BackupRef => {
	const [, accountUuid, backupId] = name.split('/', 3);

	return {accountUuid: accountUuid!, backupId: backupId!};
};
