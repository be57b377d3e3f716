import type {PrivateKey} from 'openpgp';
import {UserError} from '../../errors.ts';
import {isSealedDataKey, type OpenedDataKey} from '../base/keys.ts';
import type {VaultLocation} from '../engine.ts';
import {SegmentIndex} from '../segments/segment-index.ts';
import {archivesFolder} from '../storage/archive-name.ts';
import {isDamage} from '../storage/storage-failure.ts';
import {openArchiveKey} from '../catalog/sealed-archive.ts';
import {type OpenedVault, unlockVault} from './vault.ts';

/**
Opens what the runs of a vault wrapped to its owner, so that its content can be read. `privateKey` is the owner's, armoured, without passphrase.
@throws UserError `key` where it is another's, `failed` when the vault is not there, `damaged`
*/
export const openDataKeys = async (location: VaultLocation, privateKey: string): Promise<readonly OpenedDataKey[]> => {
	const vault = unlockVault(location);

	try {
		const wrapped = SegmentIndex.open(vault).keyRing.all().filter(key => !isSealedDataKey(key.wrapped));
		const {readPrivateKey} = await import('openpgp');
		const decryptionKeys = await readPrivateKey({armoredKey: privateKey});

		const opened = await Promise.all(wrapped.map(async ({id, wrapped: bytes}) => ({id: id.toString('hex'), key: await openMessage(bytes, decryptionKeys)})));

		return [...opened, ...await openArchiveKeys(vault, decryptionKeys)];
	} finally {
		vault.storage.close();
	}
};

const openArchiveKeys = async ({storage}: OpenedVault, privateKey: PrivateKey): Promise<OpenedDataKey[]> => {
	const opened: OpenedDataKey[] = [];

	for (const archive of storage.list(archivesFolder)) {
		try {
			opened.push(await openArchiveKey(storage, archive, privateKey));
		} catch (error) {
			// Of one that is damaged, or gone meanwhile: whoever reads it is told so.
			if (opened.length === 0 && !isDamage(error)) {
				throw notOpened(error as Error);
			}
		}
	}

	return opened;
};

const notOpened = (error: Error): UserError => new UserError(`The private key does not open this backup: ${error.message}.`, {code: 'key', hint: 'Give the private key of the account that the backup was made under.', cause: error});

const openMessage = async (bytes: Uint8Array, decryptionKeys: PrivateKey): Promise<Uint8Array> => {
	const {decrypt, readMessage} = await import('openpgp');
	const message = await readMessage({binaryMessage: Uint8Array.from(bytes)});

	try {
		const {data} = await decrypt({message, decryptionKeys, format: 'binary'}) as {readonly data: Uint8Array};

		return data;
	} catch (error) {
		throw notOpened(error as Error);
	}
};
