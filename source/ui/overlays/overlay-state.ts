import type {
	Confirmation,
	Message,
	Secret,
	TextQuestion,
} from '../interface.ts';
import type {HelpProps} from './help.tsx';
import type {PaletteEntry} from './palette.tsx';

/** A question or message that must be dealt with. */
export type Dialog =
	| {readonly type: 'confirmation'; readonly confirmation: Confirmation; readonly resolve: (isConfirmed: boolean) => void}
	| {readonly type: 'text'; readonly question: TextQuestion; readonly resolve: (text: string | undefined) => void}
	| {readonly type: 'secret'; readonly secret: Secret; readonly resolve: (isStored: boolean) => void}
	| {readonly type: 'message'; readonly message: Message};

export type Sheet =
	| {readonly type: 'help'; readonly about: HelpProps['about']}
	| {readonly type: 'palette'; readonly acts: readonly PaletteEntry[]};

/** What lies over the screen; dialogs are answered in the order in which they came. */
export type OverlayState = {
	readonly dialogs: readonly Dialog[];
	readonly sheet: Sheet | undefined;
	/** How many were answered: what was typed into one must not stand in the next. */
	readonly answeredCount: number;
};

export type OverlayEvent =
	| {readonly type: 'asked'; readonly dialog: Dialog}
	| {readonly type: 'answered'}
	| {readonly type: 'sheetOpened'; readonly sheet: Sheet}
	| {readonly type: 'sheetClosed'};

export const startOverlays: OverlayState = {dialogs: [], sheet: undefined, answeredCount: 0};

export const reduceOverlays = (state: OverlayState, event: OverlayEvent): OverlayState => {
	switch (event.type) {
		case 'asked': {
			return {...state, dialogs: [...state.dialogs, event.dialog]};
		}

		case 'answered': {
			return {...state, dialogs: state.dialogs.slice(1), answeredCount: state.answeredCount + 1};
		}

		case 'sheetOpened': {
			return {...state, sheet: event.sheet};
		}

		case 'sheetClosed': {
			return {...state, sheet: undefined};
		}
	}
};
