/** A test for text that was typed after `/`: every word must occur, no `!word` may; upper and lower case are the same. */
export const compileFilter = (filter: string): ((text: string) => boolean) => {
	const words = filter.toLowerCase().split(/\s+/v).filter(word => word !== '' && word !== '!');
	const wanted = words.filter(word => !word.startsWith('!'));
	const unwanted = words.filter(word => word.startsWith('!')).map(word => word.slice(1));

	return text => {
		const lower = text.toLowerCase();

		return wanted.every(word => lower.includes(word)) && unwanted.every(word => !lower.includes(word));
	};
};
