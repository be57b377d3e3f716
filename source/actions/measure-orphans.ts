import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import * as z from 'zod';
import type {OrphanView} from '../domain/orphan.ts';
import type {VaultLocation} from '../engine/engine.ts';
import {startEngine} from '../engine/start-engine.ts';
import {listAccountVaults, measureAccountVault} from '../engine/vault/account-vault.ts';
import {readVaultState} from '../engine/vault/unlock-vault.ts';
import {readVaultLocation} from '../runner/vault-location.ts';
import {readBackupDigests} from '../state/backup-digests.ts';
import type {Store} from '../state/store.ts';
import {isNoRoom, replaceDisposable} from '../system/disposable-file.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';

export type MeasureOptions = {
	readonly signal?: AbortSignal | undefined;
};

/**
Fills in what deleting each orphan would free. All catalogs of a destination are read for it, unless nothing has changed there since the last time.
@throws UserError `failed` when a destination is not there, `key`, `damaged` when it cannot be told what a backup needs, `interrupted`.
*/
export const measureOrphans = action('measureOrphans', async (context: Context, orphans: readonly OrphanView[], options: MeasureOptions = {}): Promise<readonly OrphanView[]> => {
	const sums = new Map<string, number | null>();

	for (const [destination, accounts] of await accountsByDestination(context.store, orphans)) {
		const measured = await measureAt(context, {destination, accounts, ...options});

		for (const uuid of accounts) {
			const before = sums.get(uuid);
			const bytes = measured.get(uuid);
			sums.set(uuid, before === null || bytes === undefined ? null : (before ?? 0) + bytes);
		}
	}

	return orphans.map(orphan => ({...orphan, reclaimableBytes: sums.get(orphan.uuid) ?? null}));
});

/**
What deleting all of these orphans would free: more than each by itself does, where they share data; less, where any of them is the occasion to free something else. Throws as `measureOrphans`.
@returns bytes
*/
export const measureTogether = action('measureOrphans', async (context: Context, orphans: readonly OrphanView[], {signal}: MeasureOptions = {}): Promise<number> => {
	let sum = 0;

	for (const [destination, accounts] of await accountsByDestination(context.store, orphans)) {
		const vault = await readVaultLocation(context, {destination});
		const measured = await measureGroups(vault, new Map([[together, accounts]]), signal);
		const ownVaults = addAccountVaults(new Map(accounts.map(uuid => [uuid, 0])), vault.folder);
		sum += [...measured.values(), ...ownVaults.values()].reduce((total, bytes) => total + bytes, 0);
	}

	return sum;
});

const together = 'together';

const measureGroups = async (vault: VaultLocation, groups: ReadonlyMap<string, readonly string[]>, signal: AbortSignal | undefined): Promise<ReadonlyMap<string, number>> => {
	const engine = startEngine();

	try {
		return await engine.measureReclaimable({vault, groups}, {signal});
	} finally {
		await engine.close();
	}
};

const accountsByDestination = async (store: Store, orphans: readonly OrphanView[]): Promise<ReadonlyMap<string, readonly string[]>> => {
	const found = new Map<string, Set<string>>();

	for (const [uuid, {digest}] of await readBackupDigests(store, {keys: orphans.map(orphan => orphan.uuid)})) {
		for (const destination of digest.destinations) {
			found.set(destination, (found.get(destination) ?? new Set()).add(uuid));
		}
	}

	return new Map([...found].map(([destination, uuids]) => [destination, [...uuids].toSorted()]));
};

type Measuring = MeasureOptions & {readonly destination: string; readonly accounts: readonly string[]};

const measureAt = async (context: Context, {destination, accounts, signal}: Measuring): Promise<ReadonlyMap<string, number>> => {
	const vault = await readVaultLocation(context, {destination});
	const path = join(context.store.directory, 'cache', `${destination}.reclaimable`);
	const fingerprint = `${readVaultState(vault.folder)} ${accounts.join(' ')}`;
	const remembered = await recall(path, fingerprint);

	if (remembered !== undefined) {
		return remembered;
	}

	const groups = new Map(accounts.map(uuid => [uuid, [uuid]]));
	const measured = addAccountVaults(await measureGroups(vault, groups, signal), vault.folder);

	if (!context.isReadOnly) {
		await remember(path, {fingerprint, bytes: Object.fromEntries(measured)});
	}

	return measured;
};

/** What lies under an account's own key is shared with nobody: all of it goes. */
const addAccountVaults = (measured: ReadonlyMap<string, number>, folder: string): ReadonlyMap<string, number> => {
	const sums = new Map(measured);

	for (const keyId of listAccountVaults(folder)) {
		for (const [account, bytes] of measureAccountVault(folder, keyId)) {
			const before = sums.get(account);

			if (before !== undefined) {
				sums.set(account, before + bytes);
			}
		}
	}

	return sums;
};

const memory = z.strictObject({fingerprint: z.string(), bytes: z.record(z.string(), z.number())});

/** Disposable: whatever is wrong with it, it is measured again. */
const recall = async (path: string, fingerprint: string): Promise<ReadonlyMap<string, number> | undefined> => {
	try {
		const known = memory.parse(JSON.parse(await readFile(path, 'utf8')));

		return known.fingerprint === fingerprint ? new Map(Object.entries(known.bytes)) : undefined;
	} catch {
		return undefined;
	}
};

const remember = async (path: string, known: z.output<typeof memory>): Promise<void> => {
	try {
		await replaceDisposable(path, JSON.stringify(known));
	} catch (error) {
		// Who looks for what can go often does so because the disk is full.
		if (!isNoRoom(error)) {
			throw error;
		}
	}
};
