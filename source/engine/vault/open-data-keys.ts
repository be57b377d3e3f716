import type {PrivateKey} from 'openpgp';
import {UserError} from '../../errors.ts';
import {isSealedDataKey, type OpenedDataKey} from '../base/keys.ts';
import type {VaultLocation} from '../engine.ts';
import {SegmentIndex} from '../segments/segment-index.ts';
import {archivesFolder} from '../storage/archive-name.ts';
import {openArchiveKey} from '../catalog/sealed-archive.ts';
import {unlockVault} from './unlock-vault.ts';

/**
Opens what the runs of a vault wrapped to its owner, so that its content can be read. `privateKey` is the owner's, armoured, without passphrase.
@throws UserError `key` where it is another's, `failed` when the vault is not there, `damaged`
*/
export const openDataKeys = async (location: VaultLocation, privateKey: string): Promise<readonly OpenedDataKey[]> => {
	const vault = unlockVault(location);

	try {
		const wrapped = SegmentIndex.open(vault).keyRing.all().filter(key => !isSealedDataKey(key.wrapped));
		const archives = vault.storage.list(archivesFolder);
		const {readPrivateKey} = await import('openpgp');
		const decryptionKeys = await readPrivateKey({armoredKey: privateKey});
		const tried = await Promise.allSettled([
			...wrapped.map(async ({id, wrapped: bytes}) => ({id: id.toString('hex'), key: await openMessage(bytes, decryptionKeys)})),
			...archives.map(async archive => openArchiveKey(vault.storage, archive, decryptionKeys)),
		]);
		const opened = tried.filter(each => each.status === 'fulfilled').map(({value}) => value);
		const failed = tried.find(each => each.status === 'rejected');

		// Where the key opens some, whoever reads one of the others is told that it is damaged.
		if (failed && opened.length === 0) {
			throw notOpened(failed.reason as Error);
		}

		return opened;
	} finally {
		vault.storage.close();
	}
};

const notOpened = (error: Error): UserError => new UserError(`The private key does not open this backup: ${error.message}.`, {code: 'key', hint: 'Give the private key of the account that the backup was made under.', cause: error});

const openMessage = async (bytes: Uint8Array, decryptionKeys: PrivateKey): Promise<Uint8Array> => {
	const {decrypt, readMessage} = await import('openpgp');
	const message = await readMessage({binaryMessage: Uint8Array.from(bytes)});
	const {data} = await decrypt({message, decryptionKeys, format: 'binary'}) as {readonly data: Uint8Array};

	return data;
};
