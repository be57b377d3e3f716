import type {Backup} from '../domain/backup.ts';
import {parseHomePath} from '../domain/home-path.ts';
import {toScreen, type RawPath} from '../domain/raw-name.ts';
import type {Manifest} from '../engine/catalog/manifest.ts';
import {openVault, type Vault} from '../engine/vault/vault.ts';
import {UserError} from '../errors.ts';
import {readVaultLocation} from '../runner/vault-location.ts';
import type {Store} from '../state/store.ts';
import {reachOfHome} from '../domain/backup-view.ts';
import {wholeTree, type TreeReach} from '../domain/tree-reach.ts';
import {findBackup} from './backups.ts';
import type {Context} from './context.ts';
import {readLimits} from './limits.ts';
import {StoredFiles} from './stored-files.ts';

/** A backup opened for reading. */
export type OpenedBackup = {
	readonly backup: Backup;
	readonly vault: Vault;
	readonly manifest: Manifest;
	/** What of the home the actor may have. */
	readonly reach: TreeReach;
	/** The home, as far as the actor may have it. */
	readonly files: StoredFiles;
	/** Raw path of the account's home; `null` when the account is not known any more. */
	readonly home: RawPath | null;
	close(): void;
};

/**
Opens a backup by its id, the beginning of it, or `latest:NAME`. The caller closes it.
@throws UserError `notFound`, `usage`, `failed` when the destination is not there, `key`, `damaged`.
*/
export const openBackup = async (context: Context, id: string): Promise<OpenedBackup> => {
	const backup = await findBackup(context, id);
	const reach = reachOfHome(await readLimits(context), backup);
	const vault = await openVault(await readVaultLocation(context, backup));

	try {
		const manifest = vault.readManifest(backup.accountUuid, backup.id);

		return {
			backup,
			vault,
			manifest,
			reach,
			files: new StoredFiles(vault, manifest, reach),
			home: await readHome(context.store, backup),
			close() {
				vault.close();
			},
		};
	} catch (error) {
		vault.close();
		throw error;
	}
};

/**
The raw path of something the backup holds.
@throws UserError `notFound`, `usage`, `refused` for an archived backup, and for a path outside the rights, there or not.
*/
export const resolveStoredPath = (opened: OpenedBackup, path: string): RawPath => {
	const {backup, files, home} = opened;
	const raw = parseHomePath(path, home);
	files.requireWithin(raw);
	requireFiles(opened);

	if (files.find(raw) === undefined) {
		throw new UserError(`The backup ${backup.id} does not hold "${toScreen(raw)}".`, {
			code: 'notFound',
			hint: `See what it holds with "holdfast backup files ${backup.id}", or where else it is with "holdfast backup find".`,
		});
	}

	return raw;
};

/**
Only incremental backups give out single files.
@throws UserError `refused` for another one.
*/
export const requireFiles = ({backup, vault, manifest, reach}: OpenedBackup): void => {
	const archive = vault.archivePath(manifest);

	if (archive !== undefined) {
		throw new UserError(`The backup ${backup.id} is ${backup.structure}: files cannot be listed or chosen inside it, it is restored as a whole.`, {
			code: 'refused',
			hint: reach === wholeTree ? `Restore it into a folder with "holdfast restore ${backup.id} --to DIR" and take from there what you need, or open ${archive} with tar.` : 'Restore it whole, or ask an administrator of this server.',
		});
	}
};

const readHome = async (store: Store, {accountUuid}: Backup): Promise<RawPath | null> => {
	const {identities} = await store.read('accounts');

	return identities.find(({uuid}) => uuid === accountUuid)?.home ?? null;
};
