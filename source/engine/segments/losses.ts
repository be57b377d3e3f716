/**
Losses: what was found missing or damaged in packs and has left the index. A backup's manifest names the losses that were known when it began; one that does not know a loss may lean on what is lost,
so the next backup of its account reads everything anew.
*/
import {Buffer} from 'node:buffer';
import {randomBytes} from 'node:crypto';
import {
	deriveKey,
	idLength,
	open,
	seal,
} from '../base/keys.ts';
import {putObject, type Storage} from '../storage/storage.ts';

type Target = {readonly storage: Storage; readonly rootKey: Uint8Array};

export type LostBlock = {readonly packId: string; readonly blockOffset: number};

export type Loss = {
	/** Packs that are missing or cut short. */
	readonly packs: readonly string[];
	/** Blocks of other packs that do not open. */
	readonly blocks: readonly LostBlock[];
};

const folder = 'losses';

/** Makes a loss durable. It comes before the index forgets what was lost. */
export const recordLoss = async ({storage, rootKey}: Target, loss: Loss): Promise<void> => {
	const id = randomBytes(idLength).toString('hex');
	const plain = Buffer.from(JSON.stringify(loss));
	await putObject(storage, `${folder}/${id}`, seal(lossKey(rootKey), plain, Buffer.from(id)));
};

/** Ids of the losses known by now. */
export const listLosses = (storage: Storage): readonly string[] => storage.list(folder).map(({name}) => name.slice(folder.length + 1)).toSorted();

/**
Blocks that are known not to open, as `pack/offset`.
@throws SealError, FormatError
*/
export const readLostBlocks = (target: Target): ReadonlySet<string> => {
	const blocks = listLosses(target.storage).flatMap(id => readLoss(target, id).blocks);

	return new Set(blocks.map(block => blockName(block)));
};

const readLoss = ({storage, rootKey}: Target, id: string): Loss => {
	const plain = open(lossKey(rootKey), storage.read(`${folder}/${id}`), Buffer.from(id));

	return JSON.parse(plain.toString()) as Loss;
};

/** Forgets losses; only when no manifest can lean on what was lost. */
export const forgetLosses = (storage: Storage, ids: Iterable<string>): void => {
	for (const id of ids) {
		storage.delete(`${folder}/${id}`);
	}
};

export const blockName = ({packId, blockOffset}: LostBlock): string => `${packId}/${blockOffset}`;

const lossKey = (rootKey: Uint8Array): Buffer => deriveKey(rootKey, 'losses');
