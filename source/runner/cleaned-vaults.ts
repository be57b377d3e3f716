import {mkdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {setImmediate as nextTurn} from 'node:timers/promises';
import type {CleanupResult, VaultLocation} from '../engine/engine.ts';
import {readVaultSignature} from '../engine/vault/vault-signature.ts';
import type {Store} from '../state/store.ts';
import {writeDurably} from '../system/durable-file.ts';

type Remembered = Readonly<Record<string, string>>;

const nothingDone: CleanupResult = {
	droppedPacks: 0, rewrittenPacks: 0, freedBytes: 0, findings: [], isDamageMet: false,
};

/** Which vaults a cleanup left in order: one in which nothing has changed since needs no other. Kept in a file that can be thrown away. */
export class CleanedVaults {
	static async open({directory}: Pick<Store, 'directory'>): Promise<CleanedVaults> {
		const file = join(directory, 'cache', 'cleaned.json');

		return new CleanedVaults(file, await readRemembered(file));
	}

	readonly #file: string;
	readonly #before: Remembered;
	readonly #now: Record<string, string> = {};

	private constructor(file: string, before: Remembered) {
		this.#file = file;
		this.#before = before;
	}

	async cleanUnlessDone(vault: VaultLocation, clean: () => Promise<CleanupResult>): Promise<CleanupResult> {
		const id = `${vault.id}-${vault.account?.keyId ?? 'own'}`;
		const before = readVaultSignature(vault);

		if (this.#before[id] === before.all) {
			this.#now[id] = before.all;
			// Hundreds of them must not keep the runner from answering.
			await nextTurn();

			return nothingDone;
		}

		const result = await clean();
		const after = readVaultSignature(vault);

		// What was deleted meanwhile is still to be freed.
		if (result.findings.length === 0 && !result.isDamageMet && after.backups === before.backups) {
			this.#now[id] = after.all;
		}

		return result;
	}

	/** Forgets all that this cleanup did not see in order. */
	async save(): Promise<void> {
		await mkdir(join(this.#file, '..'), {recursive: true, mode: 0o700});
		await writeDurably(this.#file, JSON.stringify(this.#now), {mode: 0o600});
	}
}

const readRemembered = async (file: string): Promise<Remembered> => {
	try {
		return JSON.parse(await readFile(file, 'utf8')) as Remembered;
	} catch (error) {
		// Without it, or with half of it, all is cleaned up.
		if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') {
			return {};
		}

		throw error;
	}
};
