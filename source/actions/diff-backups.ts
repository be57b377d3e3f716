import type {Change} from '../domain/change.ts';
import {isWithin} from '../domain/tree-reach.ts';
import {everything} from '../domain/restore.ts';
import {diffCatalogs} from '../engine/care/diff.ts';
import type {Catalog} from '../engine/catalog/catalog.ts';
import {startEngine} from '../engine/start-engine.ts';
import {UserError} from '../errors.ts';
import {toTreeRequest} from '../runner/tasks/restore-home.ts';
import {findBackup} from './backups.ts';
import {action, requirePermission} from './action.ts';
import type {Context} from './context.ts';
import {limitToRights} from './limit-to-rights.ts';
import {openBackup, type OpenedBackup} from './open-backup.ts';

export type DiffInput = {
	/** Both as `showBackup` takes them. */
	readonly from: string;
	readonly to: string;
};

/**
What changed from one backup to another.
@throws UserError `notFound`, `usage`, `refused` for archives, `failed`, `key`, `damaged`
@yields changes in catalog order
*/
export const diffBackups = async function * (context: Context, {from, to}: DiffInput): AsyncGenerator<Change> {
	await requirePermission(context, 'diffBackups');
	const before = await openBackup(context, from);

	try {
		const after = await openBackup(context, to);

		try {
			for (const change of diffCatalogs(catalogOf(before), catalogOf(after))) {
				if (isWithin(before.reach, change.path) && isWithin(after.reach, change.path)) {
					yield change;
				}
			}
		} catch (error) {
			throw before.vault.asDamaged(`A catalog of the backups ${before.backup.id} and ${after.backup.id}`, error);
		} finally {
			after.close();
		}
	} finally {
		before.close();
	}
};

/**
What changed live since a backup, in the walk's order; a live-only folder stands for all below it.
@throws UserError as `diffBackups`, and `refused` when the backup's account is not the live one, `interrupted`
*/
export const diffLive = action('diffLive', async (context: Context, from: string, signal?: AbortSignal): Promise<readonly Change[]> => {
	const backup = await findBackup(context, from);
	const request = await toTreeRequest(context, backup, await limitToRights(context, backup, {
		backup: backup.id, items: [{name: 'homedir', parts: null, backup: null}], selection: everything, target: {type: 'original'}, isMerge: false,
	}));
	const engine = startEngine();

	try {
		return await engine.diffLive(request, {signal});
	} finally {
		await engine.close();
	}
});

const catalogOf = ({vault, manifest, backup}: OpenedBackup): Catalog => {
	const catalog = vault.catalogOf(manifest);

	if (!catalog) {
		throw new UserError(`Backup ${backup.id} is an archive: its files cannot be compared.`, {code: 'refused', hint: 'Compare incremental backups, or compare with what is live.'});
	}

	return catalog;
};
