import {
	useEffect,
	useEffectEvent,
	useRef,
	useState,
} from 'react';
import {UserError} from '../../errors.ts';
import type {TextQuestion} from '../interface.ts';
import {showSentence} from '../look/name.ts';
import {useSession} from '../session.ts';

/** What a typed text would come to, the last one typed; also what is wrong with it. */
export const usePreview = ({text: first, preview}: TextQuestion): readonly [lines: readonly string[], show: (text: string) => void] => {
	const {end} = useSession();
	const [lines, setLines] = useState<readonly string[]>([]);
	const asked = useRef('');

	const run = async (text: string): Promise<void> => {
		asked.current = text;
		let found: readonly string[];

		try {
			found = await preview!(text);
		} catch (error) {
			if (!(error instanceof UserError)) {
				end(error);
				return;
			}

			found = [error.message];
		}

		if (asked.current === text) {
			setLines(found.map(line => showSentence(line)));
		}
	};

	const show = (text: string): void => {
		if (preview !== undefined) {
			void run(text);
		}
	};

	const showFirst = useEffectEvent(() => {
		show(first);
	});

	useEffect(() => {
		showFirst();
	}, []);

	return [lines, show];
};
