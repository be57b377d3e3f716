import type {Backup} from '../domain/backup.ts';
import {itemResultsOf, type Manifest} from '../engine/catalog/manifest.ts';

/** A backup as the state keeps it, told from its manifest. */
export const recordOfManifest = (manifest: Manifest, destination: string): Backup => ({
	id: manifest.id,
	accountUuid: manifest.accountUuid,
	account: manifest.account,
	machine: manifest.machine,
	...manifest.home !== undefined && {home: manifest.home},
	createdAt: manifest.createdAt,
	kind: manifest.kind,
	status: manifest.status,
	structure: manifest.structure,
	job: manifest.job,
	schedules: manifest.schedules,
	locked: false,
	lockedUntil: null,
	encrypted: false,
	keyKind: null,
	destination,
	sizeBytes: manifest.sizeBytes,
	storedBytes: manifest.storedBytes,
	fileCount: manifest.fileCount,
	items: itemResultsOf(manifest),
});
