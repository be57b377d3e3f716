import {Buffer} from 'node:buffer';
import {UserError} from '../errors.ts';

/** What an armoured key begins with. */
const armour = '-----BEGIN PGP';

/**
The OpenPGP public key that something is to be encrypted to, from a key file, armoured or binary.
@returns it armoured
@throws UserError `key` where nothing can be encrypted to it
*/
export const readRecipientKey = async (content: Uint8Array): Promise<string> => {
	const {readKey} = await import('openpgp');
	const text = Buffer.from(content).toString('latin1');

	try {
		const key = text.includes(armour) ? await readKey({armoredKey: text}) : await readKey({binaryKey: content});
		await key.getEncryptionKey();

		// A private key is its owner's: only its public half is kept.
		return key.toPublic().armor();
	} catch (error) {
		throw new UserError(`Nothing can be encrypted to this key: ${(error as Error).message}.`, {
			code: 'key', hint: 'Give a file with one OpenPGP public key that is not expired: "gpg --armor --export ADDRESS > FILE" makes one.', cause: error,
		});
	}
};
