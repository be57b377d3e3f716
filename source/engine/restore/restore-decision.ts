/** What a restore does with one entry, and why. Pure: the facts about the live side come in. */
import type {BigIntStats} from 'node:fs';
import {formatTime} from '../vault/format-reason.ts';
import type {StoredEntry} from '../catalog/catalog-page.ts';

export type LiveFacts = {
	readonly stats: BigIntStats;
	/** Whether content, target or device equal the stored ones; `undefined` where the types differ. */
	readonly isContentEqual: boolean;
	readonly isMetadataEqual: boolean;
	/** Only of folders. */
	readonly isEmptyFolder: boolean;
	readonly isMount: boolean;
};

export type Decision =
	| {readonly action: 'create'; readonly reason: string}
	/** Content is written anew, beside and over. */
	| {readonly action: 'overwrite'; readonly how: 'replace' | 'metadata'; readonly reason: string}
	| {readonly action: 'keep'; readonly reason: string}
	/** It stays as it is, and is named. */
	| {readonly action: 'refuse'; readonly reason: string};

export const decideEntry = (entry: StoredEntry, live: LiveFacts | undefined, isMerge: boolean): Decision => {
	if (!live) {
		return {action: 'create', reason: 'missing'};
	}

	if (isMerge) {
		return {action: 'keep', reason: 'it exists, and live wins'};
	}

	if (live.isMount) {
		return {action: 'keep', reason: 'another file system is mounted here'};
	}

	if (entry.type === 'directory') {
		return decideFolder(live);
	}

	if (live.stats.isDirectory() && !live.isEmptyFolder) {
		return {action: 'refuse', reason: 'a folder with content stands here now; it is never replaced by a file'};
	}

	if (live.isContentEqual && live.isMetadataEqual) {
		return {action: 'keep', reason: 'equal'};
	}

	return live.isContentEqual
		? {action: 'overwrite', how: live.stats.nlink === 1n ? 'metadata' : 'replace', reason: 'owner, mode, times or attributes differ'}
		: {action: 'overwrite', how: 'replace', reason: differenceOf(entry, live.stats)};
};

const decideFolder = ({stats, isMetadataEqual}: LiveFacts): Decision => {
	if (!stats.isDirectory()) {
		return {action: 'overwrite', how: 'replace', reason: 'was a folder, is something else now'};
	}

	return isMetadataEqual ? {action: 'keep', reason: 'equal'} : {action: 'overwrite', how: 'metadata', reason: 'owner, mode, times or attributes differ'};
};

const differenceOf = (entry: StoredEntry, stats: BigIntStats): string => entry.type === 'file' && stats.isFile()
	? `live ${stats.size} bytes from ${formatTime(stats.mtimeNs)}, backup ${entry.sizeBytes} bytes from ${formatTime(entry.modifiedNs)}`
	: 'is something else now';
