import {toScreen, type RawPath} from '../../domain/raw-name.ts';
import {formatBytes} from '../../domain/units.ts';
import {freeSpaceAt} from '../../system/free-space.ts';

export type RoomOptions = {
	/** Where the server keeps its data; `undefined` where that is not known. */
	readonly folder: RawPath | undefined;
	readonly signal: AbortSignal;
};

/**
Kept free however little was, in bytes: PostgreSQL stops where its log of changes cannot grow by a few of its files, and InnoDB where a table cannot
grow by several extents at once.
*/
const leastKept = 64 << 20;
/** Never kept free of what was free, whatever the disk: more than this, in bytes. */
const mostKept = 256 << 20;
const lookEveryMs = 50;

/**
Does what fills a database server's disk, and ends it before that is full: nobody could write to the other databases any more, and some tables wait for room for ever.
@throws Error that says what would help
*/
export const whileRoomLasts = async <Result>({folder, signal}: RoomOptions, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> => {
	if (folder === undefined) {
		return work(signal);
	}

	const shortage = new AbortController();
	const kept = Math.max(leastKept, Math.min(mostKept, freeSpaceAt(folder).bytes / 4));
	const look = () => {
		const {bytes} = freeSpaceAt(folder);

		if (bytes < kept) {
			shortage.abort(new Error(`it was stopped when only ${formatBytes(bytes)} were left in ${toScreen(folder)}, which the other databases need; ${remedy}`));
		}
	};

	look();
	shortage.signal.throwIfAborted();
	const timer = setInterval(look, lookEveryMs);

	try {
		return await work(AbortSignal.any([signal, shortage.signal]));
	} catch (error) {
		shortage.signal.throwIfAborted();
		throw isFull(error as Error) ? new Error(`no space is left in ${toScreen(folder)}; ${remedy}`, {cause: error}) : error;
	} finally {
		clearInterval(timer);
	}
};

const remedy = 'make room there, and restore it again';

/** As MariaDB, MySQL and PostgreSQL say it. */
const isFull = ({message}: Error): boolean => /no space left on device|error 1114 |disk is full/iv.test(message);
