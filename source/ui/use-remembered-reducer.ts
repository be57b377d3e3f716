import {
	use,
	useLayoutEffect,
	useReducer,
	type ActionDispatch,
} from 'react';
import {openedContext} from './interface.ts';

/** A reducer whose state is found again when its screen is shown again, and forgotten when the screen is left. */
export const useRememberedReducer = <State, Event>(name: string, reduce: (state: State, event: Event) => State, start: () => State): [State, ActionDispatch<[event: Event]>] => {
	const memory = useMemory();
	const [state, dispatch] = useReducer(reduce, undefined, () => memory.has(name) ? memory.get(name) as State : start());

	useLayoutEffect(() => {
		memory.set(name, state);
	}, [memory, name, state]);

	return [state, dispatch];
};

export const useMemory = (): Map<string, unknown> => {
	const opened = use(openedContext);

	if (opened === undefined) {
		throw new Error('There is no screen around this component.');
	}

	return opened.memory;
};
