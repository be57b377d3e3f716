export type WrapOptions = {
	readonly width: number;
	/** Spaces before every line but the first. */
	readonly indent: number;
};

/** Lines of at most `width` columns, broken at spaces; brackets of a usage stay whole. */
export const wrapText = (text: string, {width, indent}: WrapOptions): readonly string[] => {
	const lines: string[] = [];
	let line = '';

	for (const word of text.match(/\[[^\[\]]*\]\S*|\S+/gv) ?? []) {
		if (line !== '' && line.length + 1 + word.length > width) {
			lines.push(line);
			line = ' '.repeat(indent) + word;
		} else {
			line = line === '' ? word : `${line} ${word}`;
		}
	}

	return [...lines, line];
};
