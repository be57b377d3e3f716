import {Box} from 'ink';
import {
	useEffect,
	useInsertionEffect,
	useMemo,
	useReducer,
	useState,
} from 'react';
import {askOwnerKey} from './ask-owner-key.ts';
import {chromeContext} from './components/chrome.ts';
import {headerLine} from './components/header.ts';
import {Lines} from './components/lines.tsx';
import {leastSize, useScreenSize} from './components/size.ts';
import {statusLine} from './components/status-line.ts';
import {CurrentScreen} from './current-screen.tsx';
import {
	interfaceContext,
	openedContext,
	type Confirmation,
	type Draft,
	type Interface,
	type Notice,
} from './interface.ts';
import {createFocusStack} from './keys/focus-stack.ts';
import {Keyboard} from './keys/keyboard.tsx';
import {reduceNavigation, startNavigation} from './navigation.ts';
import {EverywhereKeys} from './everywhere-keys.tsx';
import {reduceOverlays, startOverlays} from './overlays/overlay-state.ts';
import {Overlays} from './overlays/overlays.tsx';
import {showSentence} from './look/name.ts';
import {plain} from './look/span.ts';
import {sessionContext, useSession, type Session} from './session.ts';
import {useOutcomes} from './tasks/use-outcomes.ts';
import {TaskFeedProvider, useTaskFeed} from './tasks/task-feed.tsx';

const noticeMs = 8000;

/** The whole terminal: what every screen needs around it, the screen, and what lies over it. */
export function App({session}: {readonly session: Session}) {
	return (
		<sessionContext.Provider value={session}>
			<TaskFeedProvider>
				<Root/>
			</TaskFeedProvider>
		</sessionContext.Provider>
	);
}

function Root() {
	const session = useSession();
	const feed = useTaskFeed();
	const {width, height} = useScreenSize();
	const [navigation, navigate] = useReducer(reduceNavigation, undefined, startNavigation);
	const [overlays, changeOverlays] = useReducer(reduceOverlays, startOverlays);
	const [notice, notify] = useNotice();
	useOutcomes(notify);

	const [focusStack] = useState(() => createFocusStack({
		onRefusedPaste() {
			notify({text: 'A paste never runs as keys.', tone: 'warning'});
		},
	}));

	const [draft] = useState<Interface['draft']>({current: undefined});

	const terminal = useMemo((): Interface => {
		const confirm: Interface['confirm'] = async (confirmation: Confirmation) => new Promise(resolve => {
			changeOverlays({type: 'asked', dialog: {type: 'confirmation', confirmation, resolve}});
		});

		const unlessLost = (go: () => void): void => {
			void leaveDraft(draft.current, {confirm, go});
		};

		return {
			focusStack,
			notify,
			draft,
			unlessLost,
			confirm,
			async askText(question) {
				return new Promise(resolve => {
					changeOverlays({type: 'asked', dialog: {type: 'text', question, resolve}});
				});
			},
			async showSecret(secret) {
				return new Promise(resolve => {
					changeOverlays({type: 'asked', dialog: {type: 'secret', secret, resolve}});
				});
			},
			tell(message) {
				changeOverlays({type: 'asked', dialog: {type: 'message', message}});
			},
			enter(route) {
				navigate({type: 'entered', route});
			},
			replace(route) {
				navigate({type: 'replaced', route});
			},
			leave() {
				unlessLost(() => {
					navigate({type: 'left'});
				});
			},
			jump(route) {
				unlessLost(() => {
					navigate({type: 'jumped', route});
				});
			},
		};
	}, [draft, focusStack, notify]);

	const current = navigation.opened.at(-1)!;
	useOwnerKeys(terminal, current.key);
	const header = headerLine({...session, opened: navigation.opened, width});
	const status = statusLine(notice, feed, width);
	const chrome = useMemo(() => ({header, status}), [header, status]);

	const isTooSmall = width < leastSize.width || height < leastSize.height;

	return (
		<interfaceContext.Provider value={terminal}>
			<chromeContext.Provider value={chrome}>
				<openedContext.Provider value={current}>
					<Box flexDirection='column' height={height} width={width}>
						<Keyboard/>
						<EverywhereKeys notice={notice} onOverlay={changeOverlays}/>
						{isTooSmall
							? <Lines lines={[[plain(`Holdfast needs ${leastSize.width} columns and ${leastSize.height} lines; this is ${width} by ${height}. q quits.`)]]} width={width}/>
							: (
								<>
									<CurrentScreen key={current.key} route={current.route}/>
									<Overlays overlays={overlays} onChange={changeOverlays}/>
								</>
							)}
					</Box>
				</openedContext.Provider>
			</chromeContext.Provider>
		</interfaceContext.Provider>
	);
}

/** What reads under a remote key asks for it here; each screen that is opened may ask anew. */
const useOwnerKeys = ({askText}: Interface, opened: number): void => {
	const {keyMemory, isSigningIn} = useSession();

	// Before anything of the screen is read: effects of children come first.
	useInsertionEffect(() => {
		keyMemory.askWith(async needed => askOwnerKey(askText, needed, {isSigningIn}));
	}, [keyMemory, askText, isSigningIn]);

	useInsertionEffect(() => {
		keyMemory.askAgain();
	}, [keyMemory, opened]);
};

type Leaving = {readonly confirm: Interface['confirm']; readonly go: () => void};

const leaveDraft = async (draft: Draft | undefined, {confirm, go}: Leaving): Promise<void> => {
	const isAgreed = draft === undefined || await confirm({
		title: 'Leave without saving', lines: [[plain(showSentence(draft.sentence))]], act: 'leave, and lose it', command: draft.command,
	});

	if (isAgreed) {
		go();
	}
};

/** A notice goes away by itself, or when the next one comes. */
const useNotice = (): readonly [Notice | undefined, (notice: Notice | undefined) => void] => {
	const [notice, setNotice] = useState<Notice>();

	useEffect(() => {
		if (notice === undefined) {
			return;
		}

		const timer = setTimeout(() => {
			setNotice(undefined);
		}, noticeMs);

		return () => {
			clearTimeout(timer);
		};
	}, [notice]);

	return [notice, setNotice];
};
