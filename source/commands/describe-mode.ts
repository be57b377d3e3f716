import type {Entry, EntryType} from '../domain/entry.ts';

const typeLetters: Readonly<Record<EntryType, string>> = {
	file: '-', directory: 'd', symlink: 'l', fifo: 'p', characterDevice: 'c', blockDevice: 'b', socket: 's',
};

/** By type and mode; there are few. */
const known = new Map<string, string>();

/** As `ls -l` has it: `drwxr-sr-x`. */
export const describeMode = ({type, mode}: Pick<Entry, 'type' | 'mode'>): string => {
	const key = `${type}${mode}`;
	const described = known.get(key);

	if (described !== undefined) {
		return described;
	}

	const made = describe(type, mode);
	known.set(key, made);

	return made;
};

const describe = (type: EntryType, mode: number): string => {
	const triple = (shift: number, isSpecial: boolean, letters: readonly [string, string]): string => {
		const bits = mode >> shift;
		const isExecute = (bits & 1) === 1;
		const last = isSpecial ? letters[isExecute ? 0 : 1] : (isExecute ? 'x' : '-');

		return `${(bits & 4) === 0 ? '-' : 'r'}${(bits & 2) === 0 ? '-' : 'w'}${last}`;
	};

	return [
		typeLetters[type],
		triple(6, (mode & 0o4000) !== 0, ['s', 'S']),
		triple(3, (mode & 0o2000) !== 0, ['s', 'S']),
		triple(0, (mode & 0o1000) !== 0, ['t', 'T']),
	].join('');
};
