import {AsyncLocalStorage} from 'node:async_hooks';
import {useRef} from 'react';
import {UserError} from '../errors.ts';
import {useInterface} from './interface.ts';
import {showSentence} from './look/name.ts';
import {plain, type Line} from './look/span.ts';
import {useSession} from './session.ts';

/** What is under way where an act goes on to another, which is part of it. */
const within = new AsyncLocalStorage<unknown>();

/** Runs an act of the operator, one at a time: a key that is pressed twice asks for nothing twice. What is refused or fails is told in a dialog, a bug ends the terminal. */
export const useAct = (): ((act: () => Promise<void>) => void) => {
	const session = useSession();
	const {tell, notify} = useInterface();
	const underWay = useRef(0);

	return act => {
		if (underWay.current > 0 && within.getStore() !== underWay) {
			notify({text: 'What was asked for last is still under way.', tone: 'warning'});
			return;
		}

		underWay.current++;
		session.keyMemory.askAgain();
		const run = async () => {
			try {
				await act();
			} catch (error) {
				if (!(error instanceof UserError)) {
					session.end(error);
					return;
				}

				tell({title: 'This was not done', lines: errorLines(error)});
			} finally {
				underWay.current--;
			}
		};

		void within.run(underWay, run);
	};
};

export const errorLines = ({message, hint}: UserError): readonly Line[] => [
	[plain(showSentence(message))],
	...(hint === undefined ? [] : [[], [plain(showSentence(hint))]]),
];
