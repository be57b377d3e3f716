import {zstdDecompressSync} from 'node:zlib';
import {UserError} from '../errors.ts';
import {stateCopyFormat, stateCopyVersion} from './state-copy.ts';

export type StateCopy = {
	/** The machine it was made on. */
	readonly machine: string;
	readonly createdAt: string;
	/** The text of each file of the state, by its path in the state directory. */
	readonly files: ReadonlyMap<string, string>;
};

type Header = {readonly format: string; readonly version: number; readonly machine: string; readonly createdAt: string};

/**
Unpacks a copy of the state as it was left at a destination.
@throws UserError `damaged` when a newer Holdfast made it
*/
export const readStateCopy = (bytes: Uint8Array): StateCopy => {
	const [header, ...lines] = zstdDecompressSync(bytes).toString().split('\n').filter(line => line !== '');
	const {format, version, machine, createdAt} = JSON.parse(header ?? '{}') as Header;

	if (format !== stateCopyFormat || version !== stateCopyVersion) {
		throw new UserError(`The copy of the state has format ${format} version ${version}; this Holdfast reads ${stateCopyFormat} version ${stateCopyVersion}.`, {
			code: 'damaged',
			hint: 'Use the Holdfast that made it, or a newer one.',
		});
	}

	// The seal vouches for the rest: only Holdfast writes under this key.
	const files = lines.map(line => JSON.parse(line) as {readonly path: string; readonly text: string});

	return {machine, createdAt, files: new Map(files.map(({path, text}) => [path, text]))};
};
