import {useInput, usePaste} from 'ink';
import {useLayoutEffect, useRef, useState} from 'react';
import {useInterface, type Interface} from '../interface.ts';
import {useSession} from '../session.ts';
import {isLikelyPaste, splitKeys} from './key-input.ts';

const interruptMs = 2000;

/** The one place where keys come in: split, named, and handed to the focus stack. */
export function Keyboard() {
	const {focusStack, notify} = useInterface();
	const settle = useSettling();
	const interrupt = useInterrupt(notify);
	const {keyMemory} = useSession();

	useInput((input, flags) => {
		const keys = splitKeys(input, flags);
		keyMemory.touch();

		if (isLikelyPaste(keys)) {
			focusStack.paste(input, settle);
			return;
		}

		if (keys.includes('ctrl-c')) {
			interrupt();
			return;
		}

		focusStack.press(keys, settle);
	});

	usePaste(text => {
		focusStack.paste(text, settle);
	});

	return null;
}

/**
Calls back once everything that was changed in the same go is on the screen: what is set together is committed together, so the effect of this
component's own state comes after the effects of all others.
*/
const useSettling = (): ((next: () => void) => void) => {
	const [waiting, setWaiting] = useState<{readonly next: () => void}>();

	useLayoutEffect(() => {
		if (waiting !== undefined) {
			// Not from within the commit: React takes many updates in a row there for an endless loop.
			setImmediate(waiting.next);
		}
	}, [waiting]);

	const [settle] = useState(() => (next: () => void) => {
		setWaiting({next});
	});

	return settle;
};

/** Ctrl-C twice in a row ends the terminal from anywhere. */
const useInterrupt = (notify: Interface['notify']): (() => void) => {
	const {now, end} = useSession();
	const interruptedAt = useRef(-Infinity);

	return () => {
		const at = now().getTime();

		if (at - interruptedAt.current < interruptMs) {
			end();
			return;
		}

		interruptedAt.current = at;
		notify({text: 'Ctrl-C again quits; what runs goes on.', tone: 'warning'});
	};
};
