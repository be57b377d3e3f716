import {readdirSync} from 'node:fs';
import type {RawPath} from '../domain/raw-name.ts';
import {systemPath} from '../system/directory.ts';

/** The files that an include of a configuration means: itself, what its last component stands for, or all in a folder. A folder that is not there holds none. */
export const includedFiles = (path: RawPath): readonly RawPath[] => {
	const slash = path.lastIndexOf('/');
	const folder = slash === 0 ? '/' : path.slice(0, slash);
	const pattern = path.slice(slash + 1);

	if (pattern !== '' && !/[*?]/v.test(pattern)) {
		return [path];
	}

	const matcher = pattern === '' ? /^[^.]/v : new RegExp(`^${pattern.replaceAll(/./gsv, character => character === '*' ? '.*' : (character === '?' ? '.' : String.raw`\u{${character.codePointAt(0)!.toString(16)}}`))}$`, 'sv');

	return namesIn(folder).filter(name => matcher.test(name)).toSorted().map(name => `${folder}/${name}`);
};

const namesIn = (folder: RawPath): readonly RawPath[] => {
	try {
		return readdirSync(systemPath(folder), {encoding: 'latin1'});
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return [];
		}

		throw error;
	}
};
