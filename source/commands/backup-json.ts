import type {Match} from '../actions/find-files.ts';
import type {BackupView, ItemView} from '../domain/backup-view.ts';
import type {Entry} from '../domain/entry.ts';
import {isoTimeOf} from '../domain/iso-time.ts';
import {toText} from '../domain/raw-name.ts';

/** The fields of a backup, in words for the help; so below. */
export const backupFields = 'id, accountUuid, account, createdAt, kind (scheduled, manual, onDemand, safety or imported), status (complete, partial or damaged), structure, job, schedules, locked, lockedUntil, encrypted, keyKind, destination, sizeBytes, storedBytes, fileCount, items [{name, status, parts [{name, status, sizeBytes, error}], sizeBytes, fileCount, error}]';
export const entryFields = 'name, path, type (file, directory, symlink, fifo, characterDevice, blockDevice or socket), sizeBytes, mode, uid, gid, modifiedAt, linkTarget';
export const matchFields = 'path, account, backups [id], versions [{backup, sizeBytes, modifiedAt, sha256}]';

export const backupToJson = (backup: BackupView) => ({
	id: backup.id,
	accountUuid: backup.accountUuid,
	account: toText(backup.account),
	createdAt: backup.createdAt,
	kind: backup.kind,
	status: backup.status,
	structure: backup.structure,
	job: backup.job,
	schedules: backup.schedules,
	locked: backup.locked,
	lockedUntil: backup.lockedUntil,
	encrypted: backup.encrypted,
	keyKind: backup.keyKind,
	destination: backup.destination,
	sizeBytes: backup.sizeBytes,
	storedBytes: backup.storedBytes,
	fileCount: backup.fileCount,
	items: itemsToJson(backup.items),
});

/** Names of parts come from disk. */
export const itemsToJson = (items: readonly ItemView[]) => items.map(item => ({...item, parts: item.parts.map(part => ({...part, name: toText(part.name)}))}));

export const entryToJson = (entry: Entry) => ({
	name: toText(entry.name),
	path: toText(entry.path),
	type: entry.type,
	...entry.isNameOnly
		? noFacts
		: {
			sizeBytes: entry.sizeBytes, mode: entry.mode, uid: entry.uid, gid: entry.gid, modifiedAt: isoTimeOf(entry.modifiedNs),
		},
	linkTarget: entry.linkTarget === null ? null : toText(entry.linkTarget),
});

/** Of a folder that is only on the way to what somebody may have. */
const noFacts = {
	sizeBytes: null, mode: null, uid: null, gid: null, modifiedAt: null,
};

export const matchToJson = ({path, account, backups, versions}: Match) => ({
	path: toText(path),
	account: toText(account),
	backups,
	versions: versions.map(({backup, sizeBytes, modifiedNs, sha256}) => ({
		backup, sizeBytes, modifiedAt: isoTimeOf(modifiedNs), sha256,
	})),
});
