import type {ActionDispatch} from 'react';
import {useInterface, type Notice} from './interface.ts';
import type {FocusLayer, FocusStack, Handler} from './keys/focus-stack.ts';
import {bindingsOf, type LayerName, type sections} from './keys/keymap.ts';
import {whyNotOpen, type MainScreen} from './may-open.ts';
import {showKey} from './keys/key-name.ts';
import {keymapLayer, useFocusLayer} from './keys/use-keys.ts';
import type {OverlayEvent} from './overlays/overlay-state.ts';
import type {PaletteEntry} from './overlays/palette.tsx';
import {useSession} from './session.ts';

export type EverywhereKeysProps = {
	readonly notice: Notice | undefined;
	readonly onOverlay: ActionDispatch<[event: OverlayEvent]>;
};

/** The keys that work on every screen: the bottom of the focus stack. */
export function EverywhereKeys({notice, onOverlay}: EverywhereKeysProps) {
	const {focusStack, notify, jump, draft, unlessLost} = useInterface();
	const {actor, end} = useSession();

	const goTo = (screen: MainScreen): Handler => whyNotOpen(actor, screen) ?? (() => {
		jump({screen});
	});

	const handlers: Readonly<Record<keyof typeof sections.everywhere, Handler>> = {
		help() {
			onOverlay({type: 'sheetOpened', sheet: {type: 'help', about: screenLayer(focusStack)}});
		},
		palette() {
			onOverlay({type: 'sheetOpened', sheet: {type: 'palette', acts: actEntries(screenLayer(focusStack))}});
		},
		undo() {
			const undo = draft.current?.undo ?? notice?.undo;

			if (undo === undefined) {
				notify({text: 'There is nothing to undo.', tone: 'warning'});
			} else {
				undo();
			}
		},
		quit() {
			unlessLost(() => {
				end();
			});
		},
		// It never gets here: the keyboard handles it before any layer can take it.
		interrupt() {
			end();
		},
		goHome: goTo('home'),
		goAccounts: goTo('accounts'),
		goQueue: goTo('queue'),
		goOrphans: goTo('orphans'),
		goJobs: goTo('jobs'),
	};

	useFocusLayer(keymapLayer({
		name: 'everywhere',
		handlers,
		level: 'everywhere',
		isModal: true,
		explain(reason) {
			notify({text: reason, tone: 'warning'});
		},
	}));

	return null;
}

type ScreenLayer = Pick<FocusLayer, 'handlers'> & {readonly name: LayerName};

const screenLayer = (focusStack: FocusStack): ScreenLayer => {
	const layer = focusStack.layers().find(({level}) => level === 'screen');

	return {name: layer?.name ?? 'everywhere', handlers: layer?.handlers ?? {}};
};

/** What a screen can do now, for the palette; moving about is left to the keys. */
const actEntries = ({name, handlers}: ScreenLayer): readonly PaletteEntry[] => bindingsOf(name)
	.filter(({section}) => section !== 'moving' && section !== 'leaving' && section !== 'everywhere')
	.flatMap(({act, label, keys}): readonly PaletteEntry[] => {
		const handler = handlers[act];

		return typeof handler === 'function'
			? [{
				id: `act:${act}`,
				title: label,
				remark: `key ${showKey(keys[0]!)}`,
				run() {
					handler(1);
				},
			}]
			: [];
	});
