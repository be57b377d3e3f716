/** The live lines as they are, then those of the backup that are not among them. Both are raw texts. */
export const mergeCrontabs = (live: string, stored: string): string => {
	const known = new Set(live.split('\n'));
	const missing = new Set(stored.split('\n').filter(line => line !== '' && !known.has(line)));

	if (missing.size === 0) {
		return live;
	}

	const separator = live === '' || live.endsWith('\n') ? '' : '\n';

	return `${live}${separator}${[...missing].join('\n')}\n`;
};
