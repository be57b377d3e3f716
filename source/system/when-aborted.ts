/** Resolves when the signal is aborted, at once if it is already. */
export const whenAborted = async (signal: AbortSignal): Promise<void> => {
	if (signal.aborted) {
		return;
	}

	await new Promise<void>(resolve => {
		signal.addEventListener('abort', () => {
			resolve();
		}, {once: true});
	});
};
