/**
Archives under an account's own key: OpenPGP messages as plain gpg 2.2 reads them, to the owner's public key or under a password that derives from the vault's root key. In the clear an archive is only in a
private folder, while it is made or read.
*/
import {Buffer} from 'node:buffer';
import {createHash} from 'node:crypto';
import {createReadStream, createWriteStream} from 'node:fs';
import {join} from 'node:path';
import {Readable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import type {ReadableStream as WebStream} from 'node:stream/web';
import type {PrivateKey} from 'openpgp';
import {UserError} from '../../errors.ts';
import {systemClock} from '../../system/clock.ts';
import {encryptionDate} from '../../system/encryption-date.ts';
import type {AbortFlag} from '../base/abort-flag.ts';
import {FormatError} from '../base/bytes.ts';
import {deriveKey, type OpenedDataKey} from '../base/keys.ts';
import type {Storage} from '../storage/storage.ts';
import type {StoredArchive} from './manifest.ts';

/** What archives of a vault are sealed with. */
export type ArchiveSeal = {
	/** Armoured OpenPGP key; `null`: the password is. */
	readonly publicKey: string | null;
	readonly password: string;
};

export const archiveSealOf = (rootKey: Uint8Array, publicKey: string | null): ArchiveSeal => ({publicKey, password: deriveKey(rootKey, 'archives').toString('hex')});

/** The name of the object that holds an archive sealed. */
export const sealedName = (name: string): string => `${name}.gpg`;

const readLength = 1 << 20;

type SealOptions = {readonly seal: ArchiveSeal; readonly storage: Storage; readonly name: string; readonly flag: AbortFlag};

/**
Writes the plain archive at `path` sealed under `name`; it is durable when this resolves.
@returns what the manifest says of the object
*/
export const sealArchive = async (path: string, {seal, storage, name, flag}: SealOptions): Promise<Pick<StoredArchive, 'name' | 'sizeBytes' | 'sha256'>> => {
	const {createMessage, encrypt, readKey} = await import('openpgp');
	const message = await createMessage({binary: Readable.toWeb(createReadStream(path, {highWaterMark: readLength})) as never});
	const encryptionKeys = seal.publicKey === null ? undefined : await readKey({armoredKey: seal.publicKey});
	const to = encryptionKeys === undefined ? {passwords: seal.password} : {encryptionKeys, date: await encryptionDate(encryptionKeys, systemClock.now())};
	const sealed = await encrypt({message, ...to, format: 'binary'}) as unknown as WebStream<Uint8Array>;
	const object = storage.create(name);
	const whole = createHash('sha256');

	try {
		for await (const bytes of sealed) {
			flag.check();
			whole.update(bytes);
			await object.append(bytes);
		}

		const sizeBytes = object.length;
		await object.commit();

		return {name, sizeBytes, sha256: whole.digest('hex')};
	} catch (error) {
		object.abort();
		throw error;
	}
};

type OpenOptions = {readonly seal: ArchiveSeal; readonly storage: Storage; readonly openedKeys: readonly OpenedDataKey[]; readonly flag: AbortFlag | undefined};

/**
Writes a sealed archive in the clear into a private folder.
@returns its name there
@throws UserError `key` where it takes the owner's private key, FormatError where it is not what was stored
*/
export const openSealedArchive = async (archive: StoredArchive, folder: string, {seal, storage, openedKeys, flag}: OpenOptions): Promise<string> => {
	const {decrypt, readMessage} = await import('openpgp');
	const name = archive.name.slice(archive.name.lastIndexOf('/') + 1).replace(/\.gpg$/v, '');
	const stored = Readable.from(piecesOf(storage, archive, flag));
	const message = await readMessage({binaryMessage: Readable.toWeb(stored) as never});

	try {
		// What comes out is checked as a whole against the manifest before anybody uses it.
		const {data} = await decrypt({
			message, ...openedBy(archive, seal, openedKeys), format: 'binary', config: {allowUnauthenticatedStream: true},
		}) as unknown as {readonly data: WebStream<Uint8Array>};
		await pipeline(data, createWriteStream(join(folder, name), {mode: 0o600, flags: 'wx'}));
	} catch (error) {
		if (error instanceof UserError || (error as NodeJS.ErrnoException).code !== undefined) {
			throw error;
		}

		throw new FormatError(`the archive ${archive.name} does not open: ${(error as Error).message}`, {cause: error});
	}

	return name;
};

type Opener = {readonly passwords: string} | {readonly sessionKeys: {readonly data: Uint8Array; readonly algorithm: 'aes128' | 'aes192' | 'aes256'}};

const openedBy = ({name}: StoredArchive, {publicKey, password}: ArchiveSeal, openedKeys: readonly OpenedDataKey[]): Opener => {
	if (publicKey === null) {
		return {passwords: password};
	}

	const opened = openedKeys.find(({id}) => id === name);

	// The key fits others of this vault: its own wrap is what does not open.
	if (!opened && openedKeys.length > 0) {
		throw new FormatError(`the archive ${name} is damaged at its beginning`);
	}

	if (!opened) {
		throw new UserError('This archive is sealed to a key that its owner keeps.', {code: 'key', hint: 'Give the owner\'s private key with "--private-key-file FILE".'});
	}

	return {sessionKeys: {data: opened.key, algorithm: opened.key.length === 32 ? 'aes256' : 'aes128'}};
};

const piecesOf = function * (storage: Storage, {name, sizeBytes}: StoredArchive, flag: AbortFlag | undefined): Generator<Buffer> {
	for (let offset = 0; offset < sizeBytes; offset += readLength) {
		flag?.check();
		yield storage.readRange(name, offset, Math.min(readLength, sizeBytes - offset));
	}
};

/** Long enough for what stands before the content. */
const headLength = 16 << 10;

/**
The key that opens an archive sealed to its owner, told from its beginning.
@throws where the private key does not open it
*/
export const openArchiveKey = async (storage: Storage, archive: {readonly name: string; readonly size: number}, privateKey: PrivateKey): Promise<OpenedDataKey> => {
	const {decryptSessionKeys, readMessage} = await import('openpgp');
	const head = storage.readRange(archive.name, 0, Math.min(headLength, archive.size));
	const stored = Readable.from([Buffer.from(head)]);
	const message = await readMessage({binaryMessage: Readable.toWeb(stored) as never});
	const [sessionKey] = await decryptSessionKeys({message, decryptionKeys: privateKey});

	return {id: archive.name, key: sessionKey!.data};
};
