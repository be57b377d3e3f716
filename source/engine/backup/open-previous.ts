import {Buffer} from 'node:buffer';
import {BlockError} from '../segments/block-reader.ts';
import {FormatError} from '../base/bytes.ts';
import {Catalog} from '../catalog/catalog.ts';
import type {BackupTreeRequest} from '../engine.ts';
import type {Findings} from '../base/findings.ts';
import {SealError} from '../base/keys.ts';
import {
	type CatalogRoot,
	type Manifest,
	readManifest,
	treeOf,
} from '../catalog/manifest.ts';
import type {VaultSession} from '../vault/vault-session.ts';
import {PreviousScan} from './previous-scan.ts';
import {ScanCache} from './scan-cache.ts';

export type OpenedPrevious = {readonly scan: PreviousScan | undefined; readonly manifest: Manifest | undefined};

/** The previous backup, to compare with. One that cannot be read is named, and everything is read anew. */
export const openPrevious = ({request, session, findings}: {readonly request: BackupTreeRequest; readonly session: VaultSession; readonly findings: Findings}): OpenedPrevious => {
	const {previousBackupId, accountUuid, cacheFolder} = request;

	if (session.lostPacks > 0) {
		findings.problem('', `${session.lostPacks} packs are missing at the destination, or cut short: older backups may have lost data; everything was read and stored anew`);
	}

	if (previousBackupId === null) {
		return {scan: undefined, manifest: undefined};
	}

	try {
		const manifest = readManifest(session.storage, session.rootKey, {vaultId: session.vaultId, accountUuid, backupId: previousBackupId});
		const root = treeOf(manifest, 'homedir')?.catalog;

		if (!root) {
			return {scan: undefined, manifest};
		}

		const isHurt = session.losses.some(id => !manifest.losses?.includes(id));

		if (isHurt && session.lostPacks === 0) {
			findings.note('', 'data was lost at the destination since the previous backup; everything was read, and what is missing stored anew');
		}

		// Its pages may be among what was lost.
		if (isHurt || session.lostPacks > 0) {
			return {scan: undefined, manifest};
		}

		if (!isRemembered(session, root)) {
			findings.note('', 'this server no longer has its copy of the previous backup\'s catalog, whose content only the owner\'s key opens; everything was read anew');
			return {scan: undefined, manifest};
		}

		const cache = ScanCache.open(cacheFolder, `${session.vaultId}-${accountUuid}`, previousBackupId);

		return {scan: new PreviousScan(Catalog.open(root, digest => session.readSegment(digest)), cache), manifest};
	} catch (error) {
		// What it held must not be taken for stored: the run begins anew without that block.
		if (error instanceof BlockError) {
			throw error;
		}

		if (error instanceof FormatError || error instanceof SealError || (error as NodeJS.ErrnoException).code === 'ENOENT') {
			findings.note('', `the previous backup ${previousBackupId} cannot be read (${(error as Error).message}); everything was read anew`);
			return {scan: undefined, manifest: undefined};
		}

		throw error;
	}
};

/** Where the server cannot open what it stores, it needs a copy of every page. */
const isRemembered = ({catalogCopies}: VaultSession, root: CatalogRoot): boolean => {
	if (!catalogCopies) {
		return true;
	}

	const table = root.table.map(digest => catalogCopies.read(Buffer.from(digest, 'hex')));

	return table.every(segment => segment !== undefined)
		&& Catalog.open(root, digest => catalogCopies.read(digest)!).pages.every(({shape, facts}) => catalogCopies.read(shape) !== undefined && catalogCopies.read(facts) !== undefined);
};
