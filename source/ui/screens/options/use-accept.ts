import type {Condition} from '../../../domain/condition.ts';
import {quoteArgument} from '../../../domain/quote-argument.ts';
import {panelRoom} from '../../components/panel.tsx';
import {useScreenSize} from '../../components/size.ts';
import {useInterface} from '../../interface.ts';
import type {Handler} from '../../keys/focus-stack.ts';
import {wrapWords} from '../../look/fit.ts';
import {showSentence} from '../../look/name.ts';
import {plain, type Line} from '../../look/span.ts';
import {useDialogWidth} from '../../overlays/confirm-dialog.tsx';
import {useAct} from '../../use-act.ts';
import {conditionsLeft} from './options-state.ts';
import type {OptionChoices} from './use-choices.ts';

/** The command, the question and the lines between them. */
const linesAround = 6;

/** Shows the restore conditions, one after the other and each to its end, and notes which are accepted; takes that back when all are. */
export const useAccept = ({options, dispatch, conditions, backup}: OptionChoices): Handler => {
	const {confirm} = useInterface();
	const {height} = useScreenSize();
	const width = useDialogWidth();
	const act = useAct();
	const left = conditionsLeft(conditions, options);

	if (left.length === 0) {
		return () => {
			dispatch({type: 'conditionsAccepted', ids: []});
		};
	}

	const isAccepted = async ({id, text}: Condition): Promise<boolean> => {
		const pages = paginate(wrapWords(showSentence(text), width), Math.max(1, panelRoom(height) - linesAround));

		for (const [index, lines] of pages.entries()) {
			const isLast = index === pages.length - 1;
			const isGoingOn = await confirm({
				title: `Restore condition ${conditions.findIndex(each => each.id === id) + 1} of ${conditions.length}${pages.length === 1 ? '' : `, page ${index + 1} of ${pages.length}`}`,
				lines,
				act: isLast ? 'accept it' : 'read on',
				command: `holdfast restore ${backup.id} --accept ${quoteArgument(id)}`,
			});

			if (!isGoingOn) {
				return false;
			}
		}

		return true;
	};

	return () => {
		act(async () => {
			let {accepted} = options;

			for (const condition of left) {
				if (!await isAccepted(condition)) {
					return;
				}

				accepted = [...accepted, condition.id];
				dispatch({type: 'conditionsAccepted', ids: accepted});
			}
		});
	};
};

const paginate = (texts: readonly string[], height: number): ReadonlyArray<readonly Line[]> =>
	Array.from({length: Math.ceil(texts.length / height)}, (_, page) => texts.slice(page * height, (page + 1) * height).map((text): Line => [plain(text)]));
