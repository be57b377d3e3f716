import type {NeededKey} from '../actions/owner-keys.ts';
import type {Interface} from './interface.ts';
import {isKeyText, unfoldKey, type OwnerKeys} from './key-memory.ts';
import {showName} from './look/name.ts';

export type AskOptions = {
	/** Files of the server are not for those who sign in: they paste the key. */
	readonly isSigningIn: boolean;
};

/**
Asks for the private key that something is sealed to, and for its passphrase; `undefined` when cancelled.
@throws UserError `key` for a wrong one, `usage` for a file that cannot be read.
*/
export const askOwnerKey = async (askText: Interface['askText'], needed: NeededKey, {isSigningIn}: AskOptions): Promise<OwnerKeys | undefined> => {
	const {isPassphraseWanted, unlockOwnerKeys} = await import('../actions/owner-keys.ts');
	const {readKeyFile} = await import('../actions/read-key-file.ts');
	const typed = await askText({
		title: `Private key of ${showName(needed.account)}`,
		hint: `${isSigningIn ? 'Paste it' : 'The file that holds it, or the key itself, pasted'}. What you ask for is sealed to ${needed.fingerprint}. It stays in this terminal's memory, until you leave or for ten idle minutes.`,
		text: '',
		isSecret: isSigningIn || isKeyText,
		check: text => text.trim() === '' ? 'Nothing was given; Esc goes on without.' : undefined,
	});

	if (typed === undefined) {
		return undefined;
	}

	const content = isSigningIn || isKeyText(typed) ? unfoldKey(typed) : await readKeyFile(typed.trim(), 'the owner\'s OpenPGP private key');

	if (!await isPassphraseWanted(content)) {
		return unlockOwnerKeys([needed], {contents: [content], passphrases: []});
	}

	const passphrase = await askText({
		title: `Passphrase of ${showName(needed.account)}'s key`, hint: 'It is kept nowhere.', text: '', isSecret: true,
	});

	return passphrase === undefined ? undefined : unlockOwnerKeys([needed], {contents: [content], passphrases: [passphrase]});
};
