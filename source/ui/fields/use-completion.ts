import {useRef, useState} from 'react';
import {UserError} from '../../errors.ts';
import type {Complete} from '../interface.ts';
import {clipStart} from '../look/fit.ts';
import {showSentence} from '../look/name.ts';
import {muted, type Line} from '../look/span.ts';
import {useSession} from '../session.ts';

export type Completion = {
	/** What there was to choose from at the last Tab, or why nothing. */
	readonly candidates: readonly string[];
	readonly complete: (text: string, replace: (text: string) => void) => void;
};

const none = (): Completion['candidates'] => ['There is nothing of that name.'];

/** Tab completes as far as all that fits is the same, and shows what fits. */
export const useCompletion = (find: Complete | undefined): Completion => {
	const {end} = useSession();
	const [candidates, setCandidates] = useState<readonly string[]>([]);
	const asked = useRef('');

	const run = async (text: string, replace: (text: string) => void): Promise<void> => {
		asked.current = text;

		try {
			const found = await find!(text);

			// Only the last one counts.
			if (asked.current !== text) {
				return;
			}

			const common = commonStart(found);
			setCandidates(found.length === 0 ? none() : found.filter(candidate => candidate !== common));

			if (common.length > text.length) {
				replace(common);
			}
		} catch (error) {
			if (error instanceof UserError) {
				setCandidates([error.message]);
			} else {
				end(error);
			}
		}
	};

	return {
		candidates,
		complete(text, replace) {
			if (find !== undefined) {
				void run(text, replace);
			}
		},
	};
};

export const commonStart = (texts: readonly string[]): string => {
	const [first = '', ...others] = texts;
	let {length} = first;

	for (const other of others) {
		while (!other.startsWith(first.slice(0, length))) {
			length--;
		}
	}

	return first.slice(0, length);
};

const mostShown = 6;

export const candidateLines = (candidates: readonly string[], width: number): readonly Line[] => candidates.length === 0
	? []
	: [
		[],
		...candidates.slice(0, mostShown).map((candidate): Line => [muted(clipStart(showSentence(candidate), width))]),
		...(candidates.length > mostShown ? [[muted(`and ${candidates.length - mostShown} more`)]] : []),
	];
