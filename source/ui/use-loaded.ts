import {
	useEffect,
	useEffectEvent,
	useReducer,
	useRef,
} from 'react';
import {UserError} from '../errors.ts';
import {isStopped} from './is-stopped.ts';
import {useSession} from './session.ts';
import {useTaskFeed} from './tasks/task-feed.tsx';
import {useMemory} from './use-remembered-reducer.ts';

export type Loaded<Value> = {
	/** Also while it is loaded again. */
	readonly value: Value | undefined;
	readonly error: UserError | undefined;
};

type LoadEvent<Value> = {readonly type: 'loaded'; readonly value: Value} | {readonly type: 'failed'; readonly error: UserError};

/**
Loads what a screen shows, and again whenever a task ended or something was changed here; meanwhile the last value stays. While it loads, news wait: on a busy
queue the first reading would never come to its end. `name` says what it is and is
unique on its screen; what takes long may listen to the signal, which says that nobody waits any more. Anything but a `UserError` is a bug and ends the terminal.
*/
export const useLoaded = <Value>(name: string, load: (signal: AbortSignal) => Promise<Value>): Loaded<Value> => {
	const session = useSession();
	const memory = useMemory();
	const {revision} = useTaskFeed();
	const [loaded, dispatch] = useReducer(reduceLoaded<Value>, undefined, () => ({value: memory.get(name) as Value | undefined, error: undefined}));

	const run = useEffectEvent(async (signal: AbortSignal) => {
		try {
			const value = await load(signal);

			if (!signal.aborted) {
				memory.set(name, value);
				dispatch({type: 'loaded', value});
			}
		} catch (error) {
			if (isStopped(error, signal)) {
				return;
			}

			if (!(error instanceof UserError)) {
				session.end(error);
			} else if (!signal.aborted) {
				dispatch({type: 'failed', error});
			}
		}
	});

	const loading = useRef<Loading>(undefined);

	useEffect(() => {
		const controller = new AbortController();
		loading.current = {isNews: false, isRunning: false, load: async () => controller.signal.aborted ? undefined : run(controller.signal)};

		return () => {
			controller.abort();
		};
	}, [name]);

	useEffect(() => {
		void loadUntilNoNews(loading.current!);
	}, [name, revision]);

	return loaded;
};

/** One reading at a time. */
type Loading = {
	isRunning: boolean;
	/** Since the reading that goes on began. */
	isNews: boolean;
	readonly load: () => Promise<void>;
};

const loadUntilNoNews = async (loading: Loading): Promise<void> => {
	loading.isNews = true;

	if (loading.isRunning) {
		return;
	}

	loading.isRunning = true;

	while (loading.isNews) {
		loading.isNews = false;
		await loading.load();
	}

	loading.isRunning = false;
};

const reduceLoaded = <Value>(loaded: Loaded<Value>, event: LoadEvent<Value>): Loaded<Value> => event.type === 'loaded'
	? {value: event.value, error: undefined}
	: {value: loaded.value, error: event.error};

/** Why there is no row to act on: it is not read yet, or there is none. */
export const whyNothing = (value: unknown, noun: string): string => value === undefined ? `The ${noun}s are still being read.` : `There is no ${noun} here.`;
