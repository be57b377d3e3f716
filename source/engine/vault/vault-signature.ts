import {hash} from 'node:crypto';
import type {VaultLocation} from '../engine.ts';
import {archivesFolder} from '../storage/archive-name.ts';
import {LocalStorage} from '../storage/local-storage.ts';
import {accountVaultFolder} from './unlock-vault.ts';

/** Tells whether a vault holds the same objects as before, by names and sizes. */
export type VaultSignature = {
	/** Of the manifests alone, which are also removed while others work. */
	readonly backups: string;
	readonly all: string;
};

const folders = ['packs', 'index', archivesFolder, 'losses', 'keys', 'unfinished'];

/** No key is needed. */
export const readVaultSignature = ({folder, account}: VaultLocation): VaultSignature => {
	const storage = new LocalStorage(account ? accountVaultFolder(folder, account.keyId) : folder);
	const hashOf = (lines: readonly string[]): string => hash('sha256', lines.toSorted().join('\n'));
	const list = (names: readonly string[]): readonly string[] => names.flatMap(name => storage.list(name)).map(({name, size}) => `${name} ${size}`);

	try {
		const manifests = list(['backups']);

		return {backups: hashOf(manifests), all: hashOf([...manifests, ...list(folders)])};
	} finally {
		storage.close();
	}
};
