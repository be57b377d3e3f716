/** Entries of every kind and at every limit. */
import type {EntryType} from '../../../source/domain/entry.ts';
import {type Content, maxExtentLength, type StoredEntry} from '../../../source/engine/catalog/catalog-page.ts';
import type {Random} from '../../benchmarks/random.ts';

const types: readonly EntryType[] = ['file', 'directory', 'symlink', 'fifo', 'characterDevice', 'blockDevice', 'socket'];
const times = [0n, -1n, 1n, -1_000_000_000n, -1_000_000_001n, 999_999_999n, -(2n ** 62n) * 1_000_000_000n, (2n ** 62n) * 1_000_000_000n, 1_763_000_000_123_456_789n, -315_619_200_000_000_001n];
const ids = [0, 1000, 65_534, (2 ** 31) - 1, 2 ** 31, (2 ** 32) - 2];
const sizes = [0, 1, 4096, (2 ** 32) - 1, 2 ** 32, (2 ** 53) - 1];

const pick = <Value>(random: Random, values: readonly Value[]): Value => values[random.below(values.length)]!;

const randomRaw = (random: Random, length: number): string => random.bytes(length).toString('latin1').replaceAll(/[\0\/]/gv, 'x');

const randomContent = (random: Random, sizeBytes: number): Content => {
	const sha256 = random.bytes(32);

	if (random.below(3) === 0) {
		return {sha256, extents: [{length: sizeBytes, digest: sha256}]};
	}

	return {
		sha256,
		extents: Array.from({length: random.below(5)}, () => ({
			length: pick(random, [1, 65_536, maxExtentLength]), digest: random.below(3) === 0 ? undefined : random.bytes(32),
		})),
	};
};

export const randomEntry = (random: Random, folder: string): StoredEntry => {
	const name = randomRaw(random, 1 + random.below(255));
	const type = pick(random, types);
	const sizeBytes = type === 'file' ? pick(random, sizes) : 0;
	const isDevice = type === 'characterDevice' || type === 'blockDevice';

	return {
		path: folder === '' ? name : `${folder}/${name}`,
		name,
		type,
		sizeBytes,
		mode: random.below(4096),
		uid: pick(random, ids),
		gid: pick(random, ids),
		modifiedNs: pick(random, times),
		linkTarget: type === 'symlink' ? randomRaw(random, 1 + random.below(4095)) : null,
		content: type === 'file' && sizeBytes > 0 ? randomContent(random, sizeBytes) : undefined,
		linkGroup: random.below(4) === 0 ? random.bytes(8).toString('hex') : undefined,
		device: isDevice ? pick(random, [1n, 259n, 2n ** 40n]) : 0n,
		attributes: Array.from({length: random.below(3)}, () => ({name: `user.${randomRaw(random, 5)}`, value: random.bytes(random.below(600))})),
	};
};

export const randomPage = (random: Random): StoredEntry[] => {
	const folders = ['', 'www', `${'d'.repeat(255)}/`.repeat(20).slice(0, -1)];

	return folders.flatMap(folder => Array.from({length: random.below(30)}, () => randomEntry(random, folder)));
};
