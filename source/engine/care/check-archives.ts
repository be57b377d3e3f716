/** The part of a verification that looks at archived and compressed backups: their archives are there, whole, and, when asked for, every byte is read. */
import {createHash} from 'node:crypto';
import {setImmediate as breathe} from 'node:timers/promises';
import {type DataShare, isInShare} from '../../domain/data-share.ts';
import type {AbortFlag} from '../base/abort-flag.ts';
import {type Manifest, type StoredArchive, treesOf} from '../catalog/manifest.ts';
import type {Storage} from '../storage/storage.ts';
import {isUnreadable} from '../storage/storage-failure.ts';

const readLength = 4 << 20;

export type CheckArchivesOptions = {
	readonly storage: Storage;
	readonly abortFlag: AbortFlag;
	readonly isDataRead: boolean;
	readonly share: DataShare | undefined;
	readonly onRead: (bytes: number) => void;
};

/** What is wrong with the archives of a backup, as sentences' ends. */
export const checkArchives = async (manifest: Manifest, options: CheckArchivesOptions): Promise<readonly string[]> => {
	const problems: string[] = [];

	for (const {archive} of treesOf(manifest)) {
		const problem = archive ? await findProblem(archive, options) : undefined;
		problems.push(...archive && problem !== undefined ? [`its archive ${archive.name} ${problem}`] : []);
	}

	return problems;
};

const findProblem = async (archive: StoredArchive, options: CheckArchivesOptions): Promise<string | undefined> => {
	const folder = archive.name.slice(0, archive.name.lastIndexOf('/'));
	const size = options.storage.list(folder).find(({name}) => name === archive.name)?.size;

	if (size !== archive.sizeBytes) {
		return size === undefined ? 'is missing' : `has ${size} bytes instead of ${archive.sizeBytes}`;
	}

	if (!options.isDataRead || (options.share && !isInShare(archive.sha256, options.share))) {
		return undefined;
	}

	try {
		const sha256 = await hashObject(archive, options);

		return sha256 === archive.sha256 ? undefined : 'is not what was stored: its checksum differs';
	} catch (error) {
		if (!isUnreadable(error)) {
			throw error;
		}

		return `cannot be read: ${error.message}`;
	}
};

const hashObject = async ({name, sizeBytes}: StoredArchive, {storage, abortFlag, onRead}: CheckArchivesOptions): Promise<string> => {
	const whole = createHash('sha256');

	for (let offset = 0; offset < sizeBytes; offset += readLength) {
		abortFlag.check();
		const bytes = storage.readRange(name, offset, Math.min(readLength, sizeBytes - offset));
		whole.update(bytes);
		onRead(bytes.length);
		await breathe();
	}

	return whole.digest('hex');
};
