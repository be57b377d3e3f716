/**
Globs over raw paths: `*` and `?` within a component, `**` across, `{a,b}`, `[abc]`, `[!abc]`, `\` before a character that stands for itself. Case-sensitive; dot
files match. Without `/` a pattern matches a name at any depth, with one it starts at the root.
*/
import {GlobMachine} from './glob-machine.ts';
import {GlobParser, type Piece, wrongPattern} from './glob-parser.ts';
import type {RawPath} from './raw-name.ts';

export type Glob = {
	readonly pattern: string;
	/** Whether the pattern matches this very path, relative to the root. */
	readonly matches: (path: RawPath) => boolean;
};

const maxPatternLength = 4096;

/**
Reads a pattern as an operator types it.
@throws UserError `usage` saying what is wrong with the pattern.
*/
export const parseGlob = (pattern: string): Glob => {
	const machine = machineOf([pattern]);

	return {pattern, matches: path => machine.matches(path)};
};

/**
A test for a path that is matched itself or lies below a folder that is.
@throws UserError `usage`
*/
export const compileExcludes = (patterns: readonly string[]): ((path: RawPath) => boolean) => {
	const machine = machineOf(patterns);

	return path => machine.covers(path);
};

/**
As `compileExcludes`, for a walk that never enters a matched folder: only the path itself is tested.
@throws UserError `usage`
*/
export const compilePruning = (patterns: readonly string[]): ((path: RawPath) => boolean) => {
	const machine = machineOf(patterns);

	return path => machine.matches(path);
};

const machineOf = (patterns: readonly string[]): GlobMachine => new GlobMachine(patterns.map(pattern => piecesOf(pattern)));

const piecesOf = (pattern: string): Piece[] => {
	const trimmed = withoutEndSlashes(pattern.replace(/^\.?\/+/v, ''));

	if (trimmed === '' || pattern.length > maxPatternLength) {
		throw wrongPattern(pattern, trimmed === '' ? 'it matches nothing' : `it is longer than ${maxPatternLength} characters`);
	}

	if (trimmed.split('/').some(component => component === '..' || component === '.')) {
		throw wrongPattern(pattern, 'a pattern never leaves its root');
	}

	const pieces = new GlobParser(pattern, trimmed).parse();

	return pattern.includes('/') ? pieces : [{type: 'folders'}, ...pieces];
};

const withoutEndSlashes = (pattern: string): string => {
	let end = pattern.length;

	while (pattern[end - 1] === '/') {
		end--;
	}

	return pattern.slice(0, end);
};
