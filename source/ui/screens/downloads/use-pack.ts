import type {StartDownload} from '../../../actions/downloads.ts';
import {useInterface} from '../../interface.ts';
import type {Handler} from '../../keys/focus-stack.ts';
import {useSession} from '../../session.ts';
import {useAct} from '../../use-act.ts';
import type {BackupView} from '../../../domain/backup-view.ts';

export type Packing = Required<Pick<StartDownload, 'items' | 'selection'>> & {readonly backup: BackupView};

/** Packs chosen parts of a backup into a download, after it was asked what it is for. */
export const usePack = (): ((packing: Packing) => Handler) => {
	const {data, isReadOnly} = useSession();
	const {askText, enter} = useInterface();
	const act = useAct();

	return ({backup, items = [], selection}) => {
		if (isReadOnly) {
			return 'Holdfast was started read-only.';
		}

		if (items.some(item => item.backup !== null)) {
			return 'A download holds parts of one backup: take every item from this one.';
		}

		return () => {
			act(async () => {
				const notes = await askText({
					title: 'What is the download for?',
					hint: `Notes that are shown with it; they may be empty. Enter packs it, in the background.${backup.encrypted ? ' The package is not encrypted; "holdfast download create --recipient" seals it.' : ''}`,
					text: '',
				});

				if (notes === undefined) {
					return;
				}

				const {id} = await data.startDownload({
					backup: backup.id, items, selection, notes,
				});
				enter({screen: 'task', task: id});
			});
		};
	};
};
