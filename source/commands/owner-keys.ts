import type {Context} from '../actions/context.ts';
import {
	describeNeeded,
	keyNeeded,
	listNeededKeys,
	missingKeys,
	unlockOwnerKeys,
	isPassphraseWanted,
	type NeededBy,
	type NeededKey,
} from '../actions/owner-keys.ts';
import {readKeyFile} from '../actions/read-key-file.ts';
import {canAsk} from './ask.ts';
import type {Everywhere, Options, OptionValues} from './command.ts';
import type {Output} from './output.ts';
import {askFileOrKey, askPastedKey, askSecret} from './ask-secret.ts';
import {readPasswordFile, readRestOfInput} from './read-password.ts';

export const ownerKeyOptions = {
	'private-key-file': {type: 'repeated', placeholder: 'F', meaning: 'the owner\'s OpenPGP private key, where backups lie under a remote key (- for standard input)'},
	'passphrase-file': {type: 'repeated', placeholder: 'F', meaning: 'the passphrase of that, in the first line of a file (- for the first line of standard input)'},
} as const satisfies Options;

export type OwnerKeyOptions = {
	readonly context: Context;
	readonly options: OptionValues<typeof ownerKeyOptions>;
	readonly everywhere: Everywhere;
	readonly output: Output;
};

/** What the files hold, for errors. */
const keyWords = 'the owner\'s OpenPGP private key';

/** Whether the work can be done without: what needs no key for all it does asks nobody. */
export type Wanting = {readonly isOptional?: boolean};

/**
The context with the private keys that are needed: from files, else asked for on the terminal. They stay in the memory of this process.
@throws UserError `key` for a wrong one, or none; `usage` for a file that cannot be read, `notFound`.
*/
export const withOwnerKeys = async ({context, options, everywhere, output}: OwnerKeyOptions, by: NeededBy, {isOptional = false}: Wanting = {}): Promise<Context> => {
	const needed = await listNeededKeys(context, by);

	if (needed.length === 0) {
		return context;
	}

	const passphrases = await Promise.all(options['passphrase-file'].map(async file => readPasswordFile(file)));
	const contents = await Promise.all(options['private-key-file'].map(async file => file === '-' ? readRestOfInput() : readKeyFile(file, keyWords)));

	if (canPrompt(output) && passphrases.length === 0) {
		for (const content of contents) {
			passphrases.push(...await isPassphraseWanted(content) ? [await askSecret('Passphrase of the private key')] : []);
		}
	}

	const ownerKeys = await unlockOwnerKeys(needed, {contents, passphrases});
	const missing = missingKeys(needed, ownerKeys);

	if (isOptional) {
		return {...context, ownerKeys};
	}

	for (const key of missing) {
		const asked = await askForKey(key, {everywhere, output});
		ownerKeys.add(asked);
	}

	return {...context, ownerKeys};
};

const canPrompt = (output: Output): boolean => !output.isJson && canAsk();

const askForKey = async (key: NeededKey, {everywhere, output}: Pick<OwnerKeyOptions, 'everywhere' | 'output'>) => {
	if (!canPrompt(output)) {
		throw keyNeeded([key]);
	}

	output.note(`This is sealed to a key that its owner keeps: ${describeNeeded([key])}.`);
	// What a file of the server holds is not for those who sign in.
	const content = everywhere.isSigningIn ? await askPastedKey() : await askKey();
	const passphrases = await isPassphraseWanted(content) ? [await askSecret('Passphrase of the private key')] : [];
	const ownerKeys = await unlockOwnerKeys([key], {contents: [content], passphrases});

	return {fingerprint: key.fingerprint, privateKey: ownerKeys.find(key.fingerprint)!};
};

const askKey = async (): Promise<Uint8Array> => {
	const given = await askFileOrKey('File with the private key, or the key itself');

	return typeof given === 'string' ? readKeyFile(given, keyWords) : given;
};
