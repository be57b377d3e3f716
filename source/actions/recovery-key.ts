import {Buffer} from 'node:buffer';
import {randomBytes} from 'node:crypto';
import {join} from 'node:path';
import type {Destination} from '../domain/destination.ts';
import type {VaultLocation} from '../engine/engine.ts';
import {formatRecoveryKey} from '../engine/vault/recovery-key.ts';
import {addKeys, dropOtherKeys, type NewKeys} from '../engine/vault/rewrap-vault.ts';
import {UserError} from '../errors.ts';
import {readUnfinishedTasks} from '../runner/task-records.ts';
import {readVaultLocation} from '../runner/vault-location.ts';
import type {Store} from '../state/store.ts';
import {acquireLock} from '../system/lock.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';

export type ReplaceInput = {
	/** Gets the new key, on paper: four lines, before anything is changed; when it rejects nothing is. */
	readonly handOut: (recoveryKey: string) => Promise<void>;
	/** Called when what was handed out opens nothing in the end. */
	readonly takeBack?: (() => Promise<void>) | undefined;
	/** The master key is made anew, too. */
	readonly isServerKeyReplaced: boolean;
};

const keyLength = 32;
const lockWaitMs = 30_000;

/**
The recovery key on paper: four lines. That it was shown is in the audit log.
@throws UserError `refused` where that cannot be written, `key` where the state has none.
*/
export const showRecoveryKey = action('showRecoveryKey', async ({store, isReadOnly}: Context): Promise<string> => {
	if (isReadOnly) {
		throw new UserError('That the recovery key was shown is written down, and Holdfast was started read-only.', {code: 'refused', hint: 'Start it without --read-only.'});
	}

	const {recoveryKey} = await readKeys(store);

	return formatRecoveryKey(Buffer.from(recoveryKey, 'base64'));
});

/**
Makes another recovery key, for every destination of this server; the old one opens none of them any more, and nothing that is stored is written anew. Cut off anywhere, either the old or the new one opens each, as the state says.
Of those who do it at once one succeeds.
@returns the destinations
@throws UserError `busy` while a task runs or when the keys were replaced meanwhile, `failed` when a destination is not there, `key`, `damaged`, and what `handOut` throws; then the old one stays.
*/
export const replaceRecoveryKey = action('replaceRecoveryKey', async ({store}: Context, {handOut, takeBack, isServerKeyReplaced}: ReplaceInput): Promise<readonly Destination[]> => {
	await checkIdle(store);
	const {destinations} = await store.read('destinations');
	const own = destinations.filter(({scannedAt}) => scannedAt === undefined);
	const before = await readKeys(store);
	const recoveryKey = randomBytes(keyLength);
	const serverKey = isServerKeyReplaced ? randomBytes(keyLength) : Buffer.from(before.masterKey, 'base64');
	const locations = await Promise.all(own.map(async ({id}) => readVaultLocation({store}, {destination: id})));

	await handOut(formatRecoveryKey(recoveryKey));
	const lock = await acquireLock(join(store.directory, '.recovery-key-lock'), {waitMs: lockWaitMs, purpose: 'replacing the recovery key'});

	try {
		const rewrapped = await wrapUnderBoth(store, {locations, before: {destinations, keys: before}, fresh: {masterKey: serverKey, recoveryKey}}).catch(async (error: unknown) => {
			await takeBack?.();
			throw error;
		});

		await store.update('keys', undefined, draft => {
			draft.masterKey = serverKey.toString('base64');
			draft.recoveryKey = recoveryKey.toString('base64');
		});

		for (const {location, kept} of rewrapped) {
			dropOtherKeys(location, kept);
		}
	} finally {
		lock.release();
	}

	return own;
});

type Rewrapping = {readonly locations: readonly VaultLocation[]; readonly before: KeysInUse; readonly fresh: NewKeys};
type Rewrapped = {readonly location: VaultLocation; readonly kept: readonly string[]};

/** From here on the old keys and the new ones open every destination. */
const wrapUnderBoth = async (store: Store, {locations, before, fresh}: Rewrapping): Promise<readonly Rewrapped[]> => {
	await checkUnchanged(store, before);
	const rewrapped: Rewrapped[] = [];

	for (const location of locations) {
		rewrapped.push({location: {...location, masterKey: Buffer.from(fresh.masterKey)}, kept: await addKeys(location, fresh)});
	}

	return rewrapped;
};

const readKeys = async (store: Store): Promise<{readonly masterKey: string; readonly recoveryKey: string}> => {
	const {masterKey, recoveryKey} = await store.read('keys');

	if (masterKey === null || recoveryKey === null) {
		throw new UserError('The keys of this server are missing from the state.', {code: 'key', hint: 'Bring keys.json back from a copy of the state.'});
	}

	return {masterKey, recoveryKey};
};

type KeysInUse = {readonly destinations: readonly Destination[]; readonly keys: {readonly masterKey: string; readonly recoveryKey: string}};

/** Somebody had the new key in hand for a while. */
const checkUnchanged = async (store: Store, before: KeysInUse): Promise<void> => {
	await checkIdle(store);
	const {destinations} = await store.read('destinations');
	const now: KeysInUse = {destinations, keys: await readKeys(store)};

	if (JSON.stringify(now) !== JSON.stringify(before)) {
		throw new UserError('The keys or destinations of this server were changed meanwhile; the old recovery key stays.', {code: 'busy', hint: 'Throw the new one away, and do it again.'});
	}
};

/** What runs opens vaults with the keys it began with. */
const checkIdle = async (store: Store): Promise<void> => {
	const tasks = await readUnfinishedTasks(store);
	const running = tasks.find(({state}) => state === 'running');

	if (running !== undefined) {
		throw new UserError(`The ${running.kind} ${running.id} runs.`, {code: 'busy', hint: 'Wait until nothing does: see "holdfast queue list".'});
	}
};
