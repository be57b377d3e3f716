/** Which zones a configuration of BIND's serves from which files. */
import {dirname, isAbsolute, join} from 'node:path/posix';
import type {RawPath} from '../../domain/raw-name.ts';

export type ServedZone = {
	/** In lower case, without the dot at the end. */
	readonly name: string;
	readonly view: string | null;
	/** Absolute. */
	readonly file: RawPath;
	/** BIND itself writes the file: what is put there would be lost, or mixed with its journal. */
	readonly isDynamic: boolean;
};

/** `read` gives the text of a file, and `expand` the files that an include stands for. */
export type Reader = {
	readonly read: (path: RawPath) => string;
	readonly expand: (path: RawPath) => readonly RawPath[];
};

type Statement = {readonly words: readonly string[]; readonly block: readonly Statement[] | undefined};

const deepestInclude = 10;

/** The zones of which this server is the primary. */
export const readServedZones = (path: RawPath, reader: Reader): readonly ServedZone[] => {
	const statements = readStatements(path, {reader, folder: dirname(path), depth: 0});
	const options = statements.filter(({words}) => words[0] === 'options').flatMap(({block}) => block ?? []);
	const folder = options.find(({words}) => words[0] === 'directory')?.words[1] ?? dirname(path);
	const isDynamic = isUpdated(options, false);
	const scope = {folder, isDynamic, view: null};

	return [
		...zonesIn(statements, scope),
		...statements.filter(({words}) => words[0] === 'view').flatMap(({words, block = []}) => zonesIn(block, {folder, isDynamic: isUpdated(block, isDynamic), view: words[1]!})),
	];
};

type Scope = {readonly folder: RawPath; readonly isDynamic: boolean; readonly view: string | null};

const zonesIn = (statements: readonly Statement[], {folder, isDynamic, view}: Scope): readonly ServedZone[] => statements
	.filter(({words, block}) => words[0] === 'zone' && block !== undefined)
	.flatMap(({words, block = []}): readonly ServedZone[] => {
		const valueOf = (key: string): string | undefined => block.find(statement => statement.words[0] === key)?.words[1];
		const file = valueOf('file');
		const isPrimary = ['master', 'primary'].includes(valueOf('type') ?? '');

		return file === undefined || !isPrimary
			? []
			: [{
				name: words[1]!.toLowerCase().replace(/\.$/v, ''), view, file: isAbsolute(file) ? file : join(folder, file), isDynamic: isUpdated(block, isDynamic),
			}];
	});

/** Whether somebody may change the zone while it is served, or BIND signs it in its own file. */
const isUpdated = (statements: readonly Statement[], isInherited: boolean): boolean => {
	const find = (key: string): Statement | undefined => statements.find(({words}) => words[0] === key);
	const allowed = find('allow-update');
	const policy = find('update-policy');
	const isSigned = !['none', 'insecure', undefined].includes(find('dnssec-policy')?.words[1]) && find('inline-signing')?.words[1] !== 'yes';

	if (isSigned || policy !== undefined) {
		return true;
	}

	return allowed === undefined ? isInherited : (allowed.block ?? []).some(({words}) => words.length > 0 && words[0] !== 'none');
};

type Place = {readonly reader: Reader; readonly folder: RawPath; readonly depth: number};

/** Everything that a file says, with what it includes in its place. */
const readStatements = (path: RawPath, place: Place): readonly Statement[] => {
	if (place.depth > deepestInclude) {
		throw new Error(`${path} is included too deeply`);
	}

	const tokens = tokensOf(place.reader.read(path));
	const folder = directoryOf(tokens) ?? place.folder;

	return withIncludes(parse(tokens, {position: 0}), {...place, folder});
};

const withIncludes = (statements: readonly Statement[], place: Place): readonly Statement[] => statements.flatMap(({words, block}): readonly Statement[] => {
	const [keyword, path] = words;

	return keyword !== 'include' || path === undefined ? [{words, block: block && withIncludes(block, place)}] : place.reader.expand(isAbsolute(path) ? path : join(place.folder, path)).flatMap(file => readStatements(file, {...place, depth: place.depth + 1}));
});

/** The folder that BIND changes to, before it reads what is included below. */
const directoryOf = (tokens: readonly Token[]): string | undefined => {
	const index = tokens.findIndex(({text, isQuoted}) => text === 'directory' && !isQuoted);

	return tokens[index + 1]?.text.startsWith('/') ? tokens[index + 1]!.text : undefined;
};

type Token = {readonly text: string; readonly isQuoted: boolean};

const tokenPattern = /\/\*.*?\*\/|\/\/[^\n]*|#[^\n]*|"(?<quoted>(?:[^"\\]|\\.)*)"|(?<mark>[;\{\}])|(?<word>[^\s";\{\}]+)/gsv;

const tokensOf = (text: string): readonly Token[] => text.matchAll(tokenPattern).flatMap(({groups}): readonly Token[] => {
	const {quoted, mark, word} = groups!;

	return quoted === undefined ? ((mark ?? word) === undefined ? [] : [{text: (mark ?? word)!, isQuoted: false}]) : [{text: quoted.replaceAll(/\\(?<character>.)/gsv, '$<character>'), isQuoted: true}];
}).toArray();

const parse = (tokens: readonly Token[], cursor: {position: number}): readonly Statement[] => {
	const statements: Statement[] = [];
	let words: string[] = [];
	let block: readonly Statement[] | undefined;

	while (cursor.position < tokens.length) {
		const {text, isQuoted} = tokens[cursor.position]!;
		cursor.position++;

		if (isQuoted || !['{', '}', ';'].includes(text)) {
			words.push(text);
		} else if (text === '{') {
			block = parse(tokens, cursor);
		} else if (text === ';') {
			statements.push({words, block});
			words = [];
			block = undefined;
		} else {
			break;
		}
	}

	return statements;
};
