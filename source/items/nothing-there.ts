/** A part that should be there, as somebody declared it, and is not: a backup lacks it, and a safety backup has nothing to save of it. */
export class NothingThereError extends Error {
	override readonly name = 'NothingThereError';
}
