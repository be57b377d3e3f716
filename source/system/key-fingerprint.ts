/** The fingerprint of an armoured OpenPGP public key, in hexadecimal. */
export const fingerprintOf = async (publicKey: string): Promise<string> => {
	const {readKey} = await import('openpgp');
	const key = await readKey({armoredKey: publicKey});

	return key.getFingerprint();
};
