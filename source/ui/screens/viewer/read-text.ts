import {fromBytes} from '../../../domain/raw-name.ts';
import {formatBytes} from '../../../domain/units.ts';
import {showName} from '../../look/name.ts';

/** More of a file is not shown: a look is no editor. */
export const mostBytes = 256 * 1024;
const tabWidth = 4;

export type StoredText = {
	readonly lines: readonly string[];
	/** Why there is less than the file holds, or nothing. */
	readonly remark: string | undefined;
};

/** The beginning of a stored file as lines that are safe to show. */
export const readText = async (content: AsyncIterable<Uint8Array>): Promise<StoredText> => {
	const {bytes, isCut} = await readStart(content);

	if (bytes.includes(0)) {
		return {lines: [], remark: 'This is no text file: it holds zero bytes.'};
	}

	const lines = fromBytes(bytes).split('\n').map(line => showName(line.replace(/\r$/v, '').replaceAll('\t', ' '.repeat(tabWidth))));

	return {
		lines: lines.at(-1) === '' ? lines.slice(0, -1) : lines,
		remark: isCut ? `Only the first ${formatBytes(mostBytes)} are shown.` : undefined,
	};
};

const readStart = async (content: AsyncIterable<Uint8Array>): Promise<{readonly bytes: Uint8Array; readonly isCut: boolean}> => {
	const start = new Uint8Array(mostBytes);
	let length = 0;

	for await (const piece of content) {
		const room = mostBytes - length;
		start.set(piece.subarray(0, room), length);
		length += Math.min(room, piece.length);

		if (piece.length > room) {
			return {bytes: start.subarray(0, length), isCut: true};
		}
	}

	return {bytes: start.subarray(0, length), isCut: false};
};
