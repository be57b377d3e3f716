import process from 'node:process';
import {buffer} from 'node:stream/consumers';
import {
	setEncryption,
	showEncryption,
	type EncryptionInput,
	type EncryptionView,
	type KeyView,
} from '../actions/account-encryption.ts';
import {readKeyFile} from '../actions/read-key-file.ts';
import {writeSecret} from '../actions/write-secret.ts';
import {encryptionPreferences, type EncryptionPreference} from '../domain/account.ts';
import type {KeyKind} from '../domain/backup.ts';
import {toScreen, toText} from '../domain/raw-name.ts';
import {countOf} from '../domain/units.ts';
import {UserError} from '../errors.ts';
import {defineCommand, type OptionValues} from './command.ts';
import type {Output} from './output.ts';
import {readPasswordFile} from './read-password.ts';
import {showKeyOnce} from './show-key-once.ts';
import {showTime} from './show-time.ts';
import {formatFields} from './table.ts';

const options = {
	preference: {
		type: 'text', placeholder: 'P', meaning: 'any: every job backs it up; encrypted-only: jobs that are not encrypted leave it out; none: no backups at all, and those there are stay', choices: encryptionPreferences,
	},
	key: {
		type: 'text', placeholder: 'KIND', meaning: 'a new key for its encrypted backups: local, kept on this server; or remote, whose private half its owner alone has', choices: ['local', 'remote'],
	},
	'private-key-out': {type: 'text', placeholder: 'FILE', meaning: 'writes the private half of a new remote key to a new file (0600), and asks nothing; - is standard output'},
	'passphrase-file': {type: 'text', placeholder: 'F', meaning: 'the passphrase of that file, in the first line of another one'},
	'public-key': {type: 'text', placeholder: 'FILE', meaning: 'takes in the owner\'s existing OpenPGP public key instead (- for standard input)'},
} as const;

type Given = OptionValues<typeof options>;

export const accountEncryption = defineCommand({
	arguments: [{name: 'NAME', meaning: 'name or UUID of the account'}],
	options,
	json: '{account, uuid, preference, key (none, local or remote), fingerprint (of a remote key), keys [{id, kind, fingerprint, createdAt, retiredAt, backupCount}], leftOutOf [{job, wish}]}',
	details: [
		'Without options it shows how the account is encrypted. A new key takes the place of the one it has; backups made before stay under theirs, so that an owner has to keep the private half of an old remote key as long as they are wanted. The first backup under a new key stores everything anew.',
		'A remote key: backups go on unattended, and nobody on this server can read what is in them afterwards; restore, browsing and downloads ask for the private key. It is never kept here: shown once, or written once. Who loses it has lost those backups.',
	],
	examples: [
		'holdfast account encryption alice',
		'holdfast account encryption alice --preference encrypted-only --key local',
		'holdfast account encryption alice --key remote --private-key-out /root/alice.asc --passphrase-file passphrase',
		'holdfast account encryption alice --key remote --public-key alice.pub.asc',
	],
	needs: 'setup',
	async run({context, values, options: given, output}) {
		const [name] = values;

		if (Object.values(given).every(value => value === undefined)) {
			const view = await showEncryption(context, name);
			await output.result(toJson(view), () => describe(view));
			return;
		}

		const isKeyPrinted = given['private-key-out'] === '-';

		if (isKeyPrinted && output.isJson) {
			throw new UserError('Standard output is for the private key, or for the JSON document.', {code: 'usage', hint: 'Name a file with --private-key-out.'});
		}

		const changed = await setEncryption(context, await toInput(name, given, output));

		if (changed.wasPrivate) {
			output.note('What was given holds a private key. Only its public half is kept: the private one belongs in its owner\'s hand, and away from this server.');
		}

		if (isKeyPrinted) {
			output.note(describe(changed));
			return;
		}

		await output.result(toJson(changed), () => describe(changed));
	},
});

const toInput = async (account: string, given: Given, output: Output): Promise<EncryptionInput> => {
	const {preference, key, 'public-key': publicKey, 'private-key-out': file, 'passphrase-file': passphraseFile} = given;

	if (passphraseFile !== undefined && (key !== 'remote' || publicKey !== undefined)) {
		throw new UserError('A passphrase locks the private half of a new remote key.', {code: 'usage', hint: 'Give --key remote, and no --public-key.'});
	}

	const passphrase = passphraseFile === undefined ? undefined : await readPasswordFile(passphraseFile);

	return {
		account,
		...preference !== undefined && {preference: preference as EncryptionPreference},
		...key !== undefined && {key: key as KeyKind},
		...publicKey !== undefined && {publicKey: publicKey === '-' ? await buffer(process.stdin) : await readKeyFile(publicKey, 'an OpenPGP public key')},
		...passphrase !== undefined && {passphrase: checkPassphrase(passphrase)},
		...(file !== undefined || (key === 'remote' && publicKey === undefined)) && {
			async handOut({privateKey}) {
				await handOut(privateKey, file, output);
			},
		},
	};
};

const checkPassphrase = (passphrase: string): string => {
	if (passphrase === '') {
		throw new UserError('The passphrase is empty.', {code: 'usage', hint: 'Put it into the first line of the file, or leave out --passphrase-file.'});
	}

	return passphrase;
};

const handOut = async (privateKey: string, file: string | undefined, output: Output): Promise<void> => {
	if (file === undefined) {
		await showKeyOnce(privateKey, output);
		return;
	}

	if (file === '-') {
		process.stdout.write(privateKey);
		return;
	}

	await writeSecret(file, privateKey, 'The private key');
};

const toJson = ({account, keys}: EncryptionView) => ({
	account: toText(account.name),
	uuid: account.uuid,
	preference: account.encryption.preference,
	key: account.encryption.key,
	fingerprint: keys.find(({retiredAt}) => retiredAt === null)?.fingerprint ?? null,
	keys: keys.map(({accountUuid: _, ...key}) => key),
	leftOutOf: account.leftOutOf,
});

const preferences: Readonly<Record<EncryptionPreference, string>> = {
	any: 'any: every job backs it up',
	'encrypted-only': 'encrypted-only: jobs that are not encrypted leave it out',
	none: 'none: no backups at all',
};

const describe = ({account, keys}: EncryptionView): string => formatFields([
	['Account', toScreen(account.name)],
	['Preference', preferences[account.encryption.preference]],
	...keys.length === 0 ? [['Key', 'none: its first encrypted backup makes a local one'] as const] : keys.map(key => [key.retiredAt === null ? 'Key' : 'Old key', describeKey(key)] as const),
	...account.leftOutOf.map(({job, wish}) => ['Left out of', `${job}: it wants ${wish}`] as const),
]);

const describeKey = ({kind, fingerprint, createdAt, retiredAt, backupCount}: KeyView): string => [
	fingerprint === null ? kind : `${kind}, ${fingerprint}`,
	`since ${showTime(createdAt)}`,
	...retiredAt === null ? [] : [`until ${showTime(retiredAt)}`],
	`${countOf(backupCount, 'backup')} under it`,
	...retiredAt !== null && kind === 'remote' && backupCount > 0 ? ['its private key is still needed for them'] : [],
].join('; ');
