import {join} from 'node:path';
import type {Backup} from '../domain/backup.ts';
import {archiveName} from '../engine/storage/archive-name.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';

/** Where the home of an archived backup lies, for whoever opens it with tar; `undefined` for an incremental one, and where its destination is not known any more. */
export const findArchive = action('findArchive', async ({store}: Context, {id, accountUuid, structure, destination}: Pick<Backup, 'id' | 'accountUuid' | 'structure' | 'destination'>): Promise<string | undefined> => {
	if (structure === 'incremental') {
		return undefined;
	}

	const {destinations} = await store.read('destinations');
	const known = destinations.find(candidate => candidate.id === destination);

	return known && join(known.folder, archiveName({accountUuid, backupId: id}, 'homedir', structure));
});
