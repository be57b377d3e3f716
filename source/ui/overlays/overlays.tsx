import type {ActionDispatch} from 'react';
import {ConfirmDialog} from './confirm-dialog.tsx';
import {Help} from './help.tsx';
import {MessageDialog} from './message-dialog.tsx';
import type {
	Dialog,
	OverlayEvent,
	OverlayState,
	Sheet,
} from './overlay-state.ts';
import {SecretDialog} from './secret-dialog.tsx';
import {SessionPalette} from './session-palette.tsx';
import {TextDialog} from './text-dialog.tsx';

export type OverlaysProps = {
	readonly overlays: OverlayState;
	readonly onChange: ActionDispatch<[event: OverlayEvent]>;
};

/** What lies over the screen: the oldest dialog, and help or palette. */
export function Overlays({overlays: {dialogs, sheet, answeredCount}, onChange}: OverlaysProps) {
	const [dialog] = dialogs;

	const close = () => {
		onChange({type: 'sheetClosed'});
	};

	const answered = () => {
		onChange({type: 'answered'});
	};

	return (
		<>
			{dialog && <OpenDialog key={answeredCount} dialog={dialog} onAnswered={answered}/>}
			{sheet && <OpenSheet sheet={sheet} onClose={close}/>}
		</>
	);
}

function OpenDialog({dialog, onAnswered}: {readonly dialog: Dialog; readonly onAnswered: () => void}) {
	switch (dialog.type) {
		case 'confirmation': {
			return (
				<ConfirmDialog
					confirmation={dialog.confirmation}
					onAnswer={isConfirmed => {
						onAnswered();
						dialog.resolve(isConfirmed);
					}}
				/>
			);
		}

		case 'text': {
			return (
				<TextDialog
					question={dialog.question}
					onAnswer={text => {
						onAnswered();
						dialog.resolve(text);
					}}
				/>
			);
		}

		case 'secret': {
			return (
				<SecretDialog
					secret={dialog.secret}
					onAnswer={isStored => {
						onAnswered();
						dialog.resolve(isStored);
					}}
				/>
			);
		}

		case 'message': {
			return <MessageDialog message={dialog.message} onClose={onAnswered}/>;
		}
	}
}

function OpenSheet({sheet, onClose}: {readonly sheet: Sheet; readonly onClose: () => void}) {
	return sheet.type === 'help'
		? <Help about={sheet.about} onClose={onClose}/>
		: <SessionPalette acts={sheet.acts} onClose={onClose}/>;
}
