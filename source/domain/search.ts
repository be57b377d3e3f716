import {parseGlob} from './glob.ts';
import {fromText, type RawPath} from './raw-name.ts';

/** Whether an entry is what is searched for. */
export type Search = (path: RawPath, name: RawPath) => boolean;

/**
What an operator searches for: a bare word is part of a name, anything else is a pattern as excludes have it.
@throws UserError `usage` for a pattern that is not usable.
*/
export const parseSearch = (text: string): Search => {
	if (/[*\/?\[\\\]\{\}]/v.test(text)) {
		const glob = parseGlob(text);

		return path => glob.matches(path);
	}

	const word = fromText(text);

	return (_path, name) => name.includes(word);
};
