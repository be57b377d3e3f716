import {
	useEffect,
	useEffectEvent,
	useRef,
	useState,
	type ActionDispatch,
	type RefObject,
} from 'react';
import {compileFilter} from '../../../domain/filter.ts';
import type {BackupView} from '../../../domain/backup-view.ts';
import type {Entry} from '../../../domain/entry.ts';
import type {RawPath} from '../../../domain/raw-name.ts';
import {parentOf} from '../../../domain/selection-tree.ts';
import {UserError} from '../../../errors.ts';
import {emptyBasket} from '../../basket.ts';
import {showName} from '../../look/name.ts';
import {useSession} from '../../session.ts';
import {useRememberedReducer} from '../../use-remembered-reducer.ts';
import {
	reduceFiles,
	startFiles,
	type FilesEvent,
	type FilesState,
} from './tree-state.ts';
import {FolderListing} from './folder-listing.ts';
import {FolderTotals, walkEntries} from './walk-entries.ts';

const mostFound = 10_000;
const foundPauseMs = 250;

export type Tree = {
	readonly state: FilesState;
	readonly dispatch: ActionDispatch<[event: FilesEvent]>;
	/** Why the backup cannot be read. */
	readonly error: UserError | undefined;
	/** Lists folders that were not listed yet. */
	readonly list: (folders: readonly RawPath[]) => Promise<void>;
};

/** The tree of a backup: folders are listed when opened, sizes added up meanwhile, searches walked through beside the keys. */
export const useTree = (backup: BackupView): Tree => {
	const {baskets, totals, actor} = useSession();
	const [state, dispatch] = useRememberedReducer('files', reduceFiles, () => startFiles(baskets.get(backup.id) ?? emptyBasket, {totals: totals.get(backup.id), isLimited: actor.role === 'user'}));
	const [error, setError] = useState<UserError>();
	const guard = useGuard(setError);
	const urgent = useRef<Promise<unknown>>(Promise.resolve());
	const list = useListing(backup, {state, dispatch, urgent});

	useEffect(() => {
		baskets.set(backup.id, state.basket);
	}, [baskets, backup, state.basket]);

	const listOpen = useEffectEvent(async (open: ReadonlySet<RawPath>) => guard(async () => list([...open])));

	useEffect(() => {
		void listOpen(state.open);
	}, [state.open]);

	useMeasuring(backup, {
		isMeasured: state.totals !== undefined, dispatch, guard, urgent,
	});
	useSearching(backup, {
		text: state.search?.text ?? '', dispatch, guard, urgent,
	});

	return {
		state, dispatch, error, list,
	};
};

type Guard = (work: () => Promise<void>) => Promise<void>;

/** What cannot be read is shown; a bug ends the terminal. */
const useGuard = (onError: (error: UserError) => void): Guard => {
	const {end} = useSession();

	return async work => {
		try {
			await work();
		} catch (error) {
			if (error instanceof UserError) {
				onError(error);
			} else {
				end(error);
			}
		}
	};
};

type Listing = {
	readonly state: FilesState;
	readonly dispatch: Tree['dispatch'];
	/** The folders that are being listed: somebody waits for them. */
	readonly urgent: RefObject<Promise<unknown>>;
};

const useListing = (backup: BackupView, {state, dispatch, urgent}: Listing): Tree['list'] => {
	const {data} = useSession();
	const asked = useRef(new Set<RawPath>(state.listed.keys()));

	const listOne = async (folder: RawPath) => {
		asked.current.add(folder);
		dispatch({type: 'listed', listing: await readFolder(folder, await data.listRecursive({backup: backup.id, path: folder}))});
	};

	return async folders => {
		const listed = Promise.all(folders.filter(folder => !asked.current.has(folder)).map(async folder => listOne(folder)));
		// Whoever asked hears of a failure; the others only wait until it is over.
		urgent.current = Promise.allSettled([urgent.current, listed]);
		await listed;
	};
};

/** The entries of a folder come before those below it: what lies deeper is not read. */
const readFolder = async (folder: RawPath, entries: AsyncIterable<Entry>): Promise<FolderListing> => {
	const listing = new FolderListing(folder);

	await walkEntries(entries, entry => {
		if (parentOf(entry.path) !== folder) {
			return false;
		}

		listing.add(entry);
		return true;
	}, {signal: new AbortController().signal});

	return listing;
};

type Background = Pick<Listing, 'dispatch' | 'urgent'> & {readonly guard: Guard};

const useMeasuring = (backup: BackupView, {isMeasured, dispatch, guard, urgent}: Background & {readonly isMeasured: boolean}): void => {
	const session = useSession();

	const measure = useEffectEvent(async (signal: AbortSignal) => guard(async () => {
		const totals = new FolderTotals();
		await urgent.current;

		await walkEntries(await session.data.listRecursive({backup: backup.id, path: ''}), entry => {
			totals.add(entry);
			return true;
		}, {signal, giveWay: async () => urgent.current});

		if (signal.aborted) {
			return;
		}

		const finished = totals.finish();
		session.totals.clear();
		session.totals.set(backup.id, finished);
		dispatch({type: 'measured', totals: finished});
	}));

	useEffect(() => {
		const controller = new AbortController();

		if (!isMeasured) {
			void measure(controller.signal);
		}

		return () => {
			controller.abort();
		};
	}, [isMeasured]);
};

const useSearching = (backup: BackupView, {text, dispatch, guard, urgent}: Background & {readonly text: string}): void => {
	const {data} = useSession();

	const search = useEffectEvent(async (signal: AbortSignal) => guard(async () => {
		const isMatch = compileFilter(text);
		const found: Entry[] = [];
		let toldAt = performance.now();

		const tell = (isDone: boolean) => {
			dispatch({
				type: 'found', text, entries: [...found], isDone, isCut: found.length >= mostFound,
			});
		};

		await walkEntries(await data.listRecursive({backup: backup.id, path: ''}), entry => {
			if (entry.path !== '' && isMatch(showName(entry.path))) {
				found.push(entry);
			}

			if (performance.now() - toldAt > foundPauseMs && !signal.aborted) {
				tell(false);
				toldAt = performance.now();
			}

			return found.length < mostFound;
		}, {signal, giveWay: async () => urgent.current});

		if (!signal.aborted) {
			tell(true);
		}
	}));

	useEffect(() => {
		const controller = new AbortController();

		if (text !== '') {
			void search(controller.signal);
		}

		return () => {
			controller.abort();
		};
	}, [text]);
};
