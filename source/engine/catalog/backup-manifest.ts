import type {Finding, ItemStatus, PartResult} from '../../domain/item.ts';
import type {BackupTreeRequest, GatheredItem} from '../engine.ts';
import type {Findings} from '../base/findings.ts';
import type {IndexedPack} from '../segments/index-file.ts';
import {heldElsewhere} from './held-elsewhere.ts';
import type {
	CatalogRoot,
	ItemTree,
	Manifest,
	ManifestItem,
	ManifestPart,
	StoredArchive,
} from './manifest.ts';

/** What storing one tree came to. */
export type BackedUpTree = {
	readonly catalog: CatalogRoot | null;
	readonly archive: StoredArchive | null;
	readonly sizeBytes: number;
	readonly fileCount: number;
	readonly findings: Findings;
};

export type BackedUp = {
	readonly items: readonly ManifestItem[];
	readonly packs: readonly IndexedPack[];
	readonly losses: readonly string[];
};

export const itemOfHome = ({catalog, archive, sizeBytes, fileCount, findings}: BackedUpTree): ManifestItem => {
	const {problemCount} = findings;
	const status = problemCount === 0 ? 'complete' : 'partial';

	return {
		name: 'homedir',
		status,
		sizeBytes,
		fileCount,
		error: problemCount === 0 ? null : `${describeCount(problemCount)} could not be backed up.`,
		findings: findings.list(),
		parts: [{
			name: 'homedir', status, sizeBytes, error: null, catalog, archive, incompleteFolders: findings.incompleteFolders(),
		}],
	};
};

/** `tree`: `undefined` where there was nothing to store. */
export const itemOfGathered = ({name, status, parts, error, findings, isOfFiles}: GatheredItem, tree: BackedUpTree | undefined): ManifestItem => {
	const problemCount = tree?.findings.problemCount ?? 0;

	return {
		name,
		status: status === 'complete' && problemCount > 0 ? 'partial' : status,
		sizeBytes: tree?.sizeBytes ?? 0,
		fileCount: isOfFiles ? tree?.fileCount ?? 0 : 0,
		error: error ?? (problemCount === 0 ? null : `${describeCount(problemCount)} could not be backed up.`),
		findings: [...findings, ...tree?.findings.list() ?? []],
		parts: parts.map(part => partOf(part)),
		...tree && {tree: treeOf(tree)},
	};
};

export const manifestOf = (request: BackupTreeRequest, {items, packs, losses}: BackedUp): Manifest => {
	const {account, machine, createdAt, kind, job, schedules} = request.manifest;
	const ofFiles = items.filter(({fileCount}) => fileCount > 0);
	const elsewhere = request.isHomeTaken === false ? [] : heldElsewhere(request);
	const archived = items.flatMap(({parts, tree}) => [...parts, ...tree ? [tree] : []]).map(({archive}) => archive?.sizeBytes ?? 0);

	return {
		version: 1,
		id: request.backupId,
		accountUuid: request.accountUuid,
		account,
		machine,
		home: request.manifest.home ?? request.root,
		createdAt,
		kind: kind as Manifest['kind'],
		structure: request.structure ?? 'incremental',
		job,
		schedules,
		excludes: request.excludes,
		...elsewhere.length > 0 && {heldElsewhere: elsewhere},
		status: items.every(({status}) => goodStatuses.has(status)) ? 'complete' : 'partial',
		sizeBytes: sum(ofFiles.map(({sizeBytes}) => sizeBytes)),
		storedBytes: sum(archived) + sum(packs.map(({size}) => size)),
		fileCount: sum(ofFiles.map(({fileCount}) => fileCount)),
		items,
		packs,
		losses,
	};
};

/** Of all items, problems first. */
export const findingsOf = ({items}: Manifest): readonly Finding[] => items.flatMap(({findings}) => findings)
	.toSorted((left, right) => Number(right.level === 'problem') - Number(left.level === 'problem'))
	.slice(0, 1000);

const goodStatuses: ReadonlySet<ItemStatus> = new Set(['complete', 'absent', 'skipped']);

const partOf = (part: PartResult): ManifestPart => ({
	...part, catalog: null, archive: null, incompleteFolders: [],
});

const treeOf = ({catalog, archive, findings}: BackedUpTree): ItemTree => ({catalog, archive, incompleteFolders: findings.incompleteFolders()});

const describeCount = (count: number): string => count === 1 ? '1 file or folder' : `${count} files and folders`;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
