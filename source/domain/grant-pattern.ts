/** Names of databases as grants of MariaDB and MySQL say them: `%` is anything, `_` any character, `\` takes the next one literally. */

type Token = {readonly type: 'any'} | {readonly type: 'one'} | {readonly type: 'literal'; readonly character: string};

const tokensOf = (pattern: string): readonly Token[] => Array.from(pattern.matchAll(/\\(?<escaped>.)|(?<plain>.)/gsv), ({groups}): Token => {
	const {escaped, plain} = groups!;

	if (plain === '%') {
		return {type: 'any'};
	}

	return plain === '_' ? {type: 'one'} : {type: 'literal', character: (escaped ?? plain)!};
});

/** Whether the name is one that the pattern means. */
export const isMeant = (name: string, pattern: string): boolean => placesAfter(name, tokensOf(pattern)).has(tokensOf(pattern).length);

/** Whether it means names of any length. */
export const isOpenEnded = (pattern: string): boolean => tokensOf(pattern).some(({type}) => type === 'any');

/** Whether the pattern means any name that begins so, be there one now or not. */
export const canMeanNameThatBegins = (start: string, pattern: string): boolean => placesAfter(start, tokensOf(pattern)).size > 0;

/** A name that the pattern fits. An underscore is one, as nearly all that write it mean. */
export const exampleOf = (pattern: string): string => tokensOf(pattern).map(token => token.type === 'literal' ? token.character : (token.type === 'one' ? '_' : 'x')).join('');

/** How much of the pattern may be used up when the text is. */
const placesAfter = (text: string, tokens: readonly Token[]): ReadonlySet<number> => {
	let places = withSkipped(new Set([0]), tokens);

	for (const character of text) {
		const next = new Set<number>();

		for (const place of places) {
			const token = tokens[place];

			if (token?.type === 'any') {
				next.add(place);
			} else if (token?.type === 'one' || (token?.type === 'literal' && token.character === character)) {
				next.add(place + 1);
			}
		}

		places = withSkipped(next, tokens);
	}

	return places;
};

/** Anything may be nothing. */
const withSkipped = (places: ReadonlySet<number>, tokens: readonly Token[]): ReadonlySet<number> => {
	const all = new Set(places);

	for (const [place, {type}] of tokens.entries()) {
		if (type === 'any' && all.has(place)) {
			all.add(place + 1);
		}
	}

	return all;
};
