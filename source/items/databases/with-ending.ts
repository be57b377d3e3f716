/** Something is left on the server: the next restore removes it first. */
export class LeftError extends Error {
	/** A sentence. */
	readonly left: string;

	constructor(reason: Error, {message}: Error) {
		super(`${reason.message}; what was made for it goes with the next restore, as it cannot be removed now: ${message}`, {cause: reason});
		this.left = `What was made for it on the server goes with the next restore, as it cannot be removed now: ${message.endsWith('.') ? message.slice(0, -1) : message}.`;
	}
}

/**
Does something, and what must follow whatever comes of it.
@throws LeftError where both fail; what went wrong first is told first
*/
export const withEnding = async <Result>(work: () => Promise<Result>, ending: () => Promise<void>): Promise<Result> => {
	let result: Result;

	try {
		result = await work();
	} catch (error) {
		await endAfter(error as Error, ending);
		throw error;
	}

	await ending();

	return result;
};

/** Does what must follow a failure. */
export const endAfter = async (reason: Error, ending: () => Promise<void>): Promise<void> => {
	try {
		await ending();
	} catch (error) {
		throw reason instanceof LeftError ? reason : new LeftError(reason, error as Error);
	}
};
