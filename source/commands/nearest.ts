/** The known word that a typed one most likely meant: at most a third of its letters differ. */
export const nearest = (typed: string, known: readonly string[]): string | undefined => {
	const ranked = known
		.map(word => ({word, distance: word.startsWith(typed) && typed.length > 1 ? 0 : editDistance(typed, word)}))
		.toSorted((a, b) => a.distance - b.distance);
	const [best] = ranked;

	return best && best.distance <= Math.max(1, Math.ceil(best.word.length / 3)) ? best.word : undefined;
};

/** Letters to insert, remove, replace or swap with their neighbour to make one word of the other. */
const editDistance = (a: string, b: string): number => {
	const rows = [Array.from({length: b.length + 1}, (_, index) => index)];

	for (let i = 1; i <= a.length; i++) {
		const row = [i];

		for (let j = 1; j <= b.length; j++) {
			const replaced = rows[i - 1]![j - 1]! + Number(a[i - 1] !== b[j - 1]);
			const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? rows[i - 2]![j - 2]! + 1 : Infinity;
			row.push(Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, replaced, swapped));
		}

		rows.push(row);
	}

	return rows[a.length]![b.length]!;
};
