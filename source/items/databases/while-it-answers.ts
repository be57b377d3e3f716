import {setTimeout} from 'node:timers/promises';

export type AnswerOptions = {
	/** Asks the server anything; fails when no answer comes for long. */
	readonly ask: (signal: AbortSignal) => Promise<unknown>;
	readonly signal: AbortSignal;
	/** Milliseconds between an answer and the next question; half a minute unless said otherwise. */
	readonly everyMs?: number | undefined;
};

const usualMs = 30_000;

/**
Does what a server works at for long, and ends it when the server is stuck: programs that are connected wait for ever.
@throws Error that says so
*/
export const whileItAnswers = async <Result>({ask, signal, everyMs}: AnswerOptions, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> => {
	const silence = new AbortController();
	const ended = new AbortController();
	const watching = watch({ask, signal: ended.signal, everyMs}, silence);

	try {
		return await work(AbortSignal.any([signal, silence.signal]));
	} catch (error) {
		silence.signal.throwIfAborted();
		throw error;
	} finally {
		ended.abort();
		await watching;
	}
};

const watch = async ({ask, signal, everyMs = usualMs}: AnswerOptions, silence: AbortController): Promise<void> => {
	try {
		for (;;) {
			await setTimeout(everyMs, undefined, {signal});
			await ask(signal);
		}
	} catch (error) {
		if (!signal.aborted) {
			silence.abort(new Error('the server stopped answering while it was imported', {cause: error}));
		}
	}
};
