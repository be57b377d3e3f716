import {UserError} from '../../../errors.ts';

/** Patterns as they are typed: separated by blanks, in quotes where they hold blanks or quotes themselves. */
export const joinPatterns = (patterns: readonly string[]): string => patterns.map(pattern => quotePattern(pattern)).join(' ');

/**
Reads what `joinPatterns` writes.
@throws UserError `usage` for a quote that is not closed
*/
export const splitPatterns = (text: string): readonly string[] => {
	const parts = text.match(/"[^"]*"|'[^']*'|[^\s"']+|\S/gv) ?? [];
	const broken = parts.find(part => part === '"' || part === '\'');

	if (broken !== undefined) {
		throw new UserError(`A quote ${broken} is not closed.`, {code: 'usage'});
	}

	return parts.map(part => /^["']/v.test(part) ? part.slice(1, -1) : part).filter(part => part !== '');
};

const quotePattern = (pattern: string): string => {
	if (!/[\s"']/v.test(pattern)) {
		return pattern;
	}

	return pattern.includes('"') ? `'${pattern}'` : `"${pattern}"`;
};
