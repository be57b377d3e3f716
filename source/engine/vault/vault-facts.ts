/** What a vault says about itself, readable without a key: that it is one, of which version, and its id. */
import {Buffer} from 'node:buffer';
import {UserError} from '../../errors.ts';
import {FormatError} from '../base/bytes.ts';
import type {Storage} from '../storage/storage.ts';

export const vaultFactsName = 'vault.json';
const format = 'holdfast-vault';
const version = 1;

export type VaultFacts = {readonly format: string; readonly version: number; readonly id: string; readonly createdAt: string};

export const encodeVaultFacts = ({id, createdAt}: Pick<VaultFacts, 'id' | 'createdAt'>): Buffer => {
	const facts: VaultFacts = {
		format, version, id, createdAt,
	};

	return Buffer.from(JSON.stringify(facts, undefined, '\t'));
};

/**
Reads what the vault at `folder` says about itself.
@returns `undefined` where there is none
@throws UserError `damaged`
*/
export const readVaultFacts = (storage: Storage, folder: string): VaultFacts | undefined => {
	let facts: Partial<VaultFacts> | null;

	try {
		facts = JSON.parse(storage.read(vaultFactsName).toString()) as Partial<VaultFacts> | null;
	} catch (error) {
		if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) {
			return undefined;
		}

		if (error instanceof SyntaxError || error instanceof FormatError) {
			throw new UserError(`${folder}/${vaultFactsName} is damaged: ${error.message}.`, {
				code: 'damaged',
				hint: 'Put back the file from another copy of this destination; nothing was changed.',
				cause: error,
			});
		}

		throw error;
	}

	if (typeof facts?.id !== 'string' || typeof facts.format !== 'string') {
		throw new UserError(`${folder}/${vaultFactsName} is damaged: it does not say what it belongs to.`, {
			code: 'damaged',
			hint: 'Put back the file from another copy of this destination; nothing was changed.',
		});
	}

	if (facts.format !== format || facts.version !== version) {
		throw new UserError(`The vault at ${folder} has format ${facts.format} version ${facts.version}; this Holdfast reads ${format} version ${version}.`, {
			code: 'damaged',
			hint: 'Use the Holdfast that made it, or a newer one.',
		});
	}

	return facts as VaultFacts;
};
