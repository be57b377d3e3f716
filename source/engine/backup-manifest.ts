import type {BackupTreeRequest} from './engine.ts';
import type {Findings} from './findings.ts';
import type {CatalogRoot, Manifest, StoredArchive} from './manifest.ts';
import type {IndexedPack} from './index-file.ts';

/** What a backup measured and made. */
export type BackedUpTree = {
	readonly catalog: CatalogRoot | null;
	readonly archive: StoredArchive | null;
	readonly sizeBytes: number;
	readonly fileCount: number;
	readonly packs: readonly IndexedPack[];
	readonly findings: Findings;
	readonly losses: readonly string[];
};

export const manifestOf = (request: BackupTreeRequest, {catalog, archive, sizeBytes, fileCount, packs, findings, losses}: BackedUpTree): Manifest => {
	const {account, machine, createdAt, kind, job, schedules} = request.manifest;
	const status = findings.problemCount === 0 ? 'complete' : 'partial';

	return {
		version: 1,
		id: request.backupId,
		accountUuid: request.accountUuid,
		account,
		machine,
		createdAt,
		kind: kind as Manifest['kind'],
		structure: request.structure ?? 'incremental',
		job,
		schedules,
		excludes: request.excludes,
		status,
		sizeBytes,
		storedBytes: packs.reduce((sum, pack) => sum + pack.size, archive?.sizeBytes ?? 0),
		fileCount,
		items: [{
			name: 'homedir',
			status,
			sizeBytes,
			fileCount,
			error: null,
			findings: findings.list(),
			parts: [{
				name: 'homedir', status, sizeBytes, error: null, catalog, archive, incompleteFolders: findings.incompleteFolders(),
			}],
		}],
		packs,
		losses,
	};
};
