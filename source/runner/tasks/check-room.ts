/** Whether what is restored fits where it goes: asked before anything is touched, of all items together. */
import {fromText, toScreen} from '../../domain/raw-name.ts';
import {countOf, formatBytes} from '../../domain/units.ts';
import {UserError} from '../../errors.ts';
import {freeSpaceAt} from '../../system/free-space.ts';
import {
	exactlyNeeded,
	mostNeeded,
	type Need,
	type Restoring,
	type RoomOptions,
	stagingNeeded,
} from './needed-room.ts';

/**
What is chosen fits at most as new; only where that is more than is free it is compared with what is live.
@throws UserError `failed` with nothing changed
*/
export const checkRoom = async (restoring: readonly Restoring[], options: RoomOptions): Promise<void> => {
	const staging = stagingNeeded(restoring, options);
	const most = await sum(restoring, async each => mostNeeded(each, options));

	if (findShort([...most, ...staging]) === undefined) {
		return;
	}

	const exact = await sum(restoring, async each => exactlyNeeded(each, options));
	const short = findShort([...exact, ...staging]);

	if (short !== undefined) {
		throw short;
	}
};

const sum = async (restoring: readonly Restoring[], measure: (each: Restoring) => Promise<readonly Need[]>): Promise<readonly Need[]> => {
	const needs: Need[] = [];

	for (const each of restoring) {
		needs.push(...await measure(each));
	}

	return needs;
};

/** Needs on one file system add up. */
const findShort = (needs: readonly Need[]): UserError | undefined => {
	for (const own of Map.groupBy(needs, ({place}) => freeSpaceAt(place).device).values()) {
		const free = freeSpaceAt(own[0]!.place);
		const bytes = own.reduce((total, need) => total + need.bytes, 0);
		const files = own.reduce((total, need) => total + need.files, 0);
		const items = new Set(own.map(({item}) => item));
		const [what, where] = [[...items].join(', '), toScreen(own[0]!.place)];
		// How a server lays out what a dump holds is its own affair.
		const about = items.has('databases') ? 'about ' : '';

		if (bytes > free.bytes) {
			return tooSmall(`The restore of ${what} needs ${about}${formatBytes(bytes)}, and only ${formatBytes(free.bytes)} are free at ${where}.`);
		}

		if (files > free.files) {
			return tooSmall(`The restore of ${what} makes ${about}${countOf(files, 'file')}, and the file system at ${where} has room for ${free.files} more, whatever their size.`);
		}
	}

	return undefined;
};

const tooSmall = (sentence: string): UserError => new UserError(`${sentence} Nothing was changed.`, {
	code: 'failed',
	hint: 'Make room there, choose less, or restore to another folder with --to.',
});

/**
A package is at most as large as what is in it.
@throws UserError `failed` before anything is written
*/
export const checkPackingRoom = (folder: string, bytes: number): void => {
	const free = freeSpaceAt(fromText(folder));

	if (bytes > free.bytes) {
		throw new UserError(`The package may need ${formatBytes(bytes)}, and only ${formatBytes(free.bytes)} are free in ${folder}. How far it can be compressed is not known before; nothing was packed.`, {
			code: 'failed',
			hint: 'Make room there, choose less, or have downloads lie elsewhere with "holdfast setting set downloads.dir".',
		});
	}
};
