import type {OpenedDataKey} from '../engine/base/keys.ts';
import type {VaultLocation} from '../engine/engine.ts';
import {openDataKeys} from '../engine/vault/open-data-keys.ts';

export type OwnerKey = {
	/** Hexadecimal, of the public key that it belongs to. */
	readonly fingerprint: string;
	/** Armoured OpenPGP private key, without passphrase. */
	readonly privateKey: string;
};

/** Private keys of owners, in the memory of one process for as long as they are needed; never written anywhere. */
export class OwnerKeys {
	readonly #keys = new Map<string, string>();

	get isEmpty(): boolean {
		return this.#keys.size === 0;
	}

	add({fingerprint, privateKey}: OwnerKey): void {
		this.#keys.set(fingerprint, privateKey);
	}

	/** The private key that belongs to a public one. */
	find(fingerprint: string): string | undefined {
		return this.#keys.get(fingerprint);
	}

	forget(): void {
		this.#keys.clear();
	}

	/**
	What opens the content of a vault, as far as the keys here do.
	@throws UserError `key`, `damaged`, `failed`
	*/
	async openDataKeys(location: VaultLocation, fingerprint: string): Promise<readonly OpenedDataKey[]> {
		const privateKey = this.#keys.get(fingerprint);

		return privateKey === undefined ? [] : openDataKeys(location, privateKey);
	}
}
