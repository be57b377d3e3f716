import type {Key} from 'openpgp';

/**
The moment for which a key is asked whether messages may be sealed to it: now, or where it has expired since it was taken in (or the clock is behind), a moment when it was good. A key that expires at night must not end the backups of its
owner, who can still open them.
*/
export const encryptionDate = async (key: Key, now: Date): Promise<Date> => {
	try {
		await key.getEncryptionKey(undefined, now);

		return now;
	} catch {
		const made = [key, ...key.subkeys].map(part => part.getCreationTime().getTime());

		return new Date(Math.max(...made) + 1000);
	}
};
