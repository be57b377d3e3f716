import type {ActionDispatch} from 'react';
import type {BackupView} from '../../../domain/backup-view.ts';
import {fromText} from '../../../domain/raw-name.ts';
import {actionWords} from '../../components/header.ts';
import type {Choice} from '../../components/use-menu.ts';
import {useInterface} from '../../interface.ts';
import {showName} from '../../look/name.ts';
import {useAct} from '../../use-act.ts';
import {totalWords} from './options-lines.ts';
import {planActions, type OptionsEvent, type RestoreOptions} from './options-state.ts';
import type {Plan} from './use-preview.ts';

export type OptionChoices = {
	readonly backup: BackupView;
	readonly options: RestoreOptions;
	readonly dispatch: ActionDispatch<[event: OptionsEvent]>;
};

/** The options of a restore as rows: where to, and what wins. */
export const useOptionChoices = ({backup, options: {target, isMerge}, dispatch}: OptionChoices): readonly Choice[] => {
	const {askText} = useInterface();
	const act = useAct();

	const askFolder = () => {
		act(async () => {
			const path = await askText({
				title: 'Restore into which folder?',
				hint: 'The whole path of a new or empty folder. With "only what is missing" it may hold something already.',
				text: target.type === 'folder' ? target.path : '',
				check: text => text.startsWith('/') ? undefined : 'A whole path begins with a slash.',
			});

			if (path !== undefined) {
				dispatch({type: 'targetChanged', target: {type: 'folder', path}});
			}
		});
	};

	return [
		{
			value: 'original',
			label: `${radio(target.type === 'original')} to the original place`,
			remark: `the home of ${showName(backup.account)}`,
			choose() {
				dispatch({type: 'targetChanged', target: {type: 'original'}});
			},
		},
		{
			value: 'folder',
			label: `${radio(target.type === 'folder')} into a folder`,
			remark: target.type === 'folder' ? showName(fromText(target.path)) : 'a new one; no account is touched',
			choose: askFolder,
		},
		{
			value: 'merge',
			label: `[${isMerge ? 'x' : ' '}] only what is missing`,
			remark: isMerge ? 'live files win: nothing is overwritten' : 'off: files that differ are overwritten',
			choose() {
				dispatch({type: 'mergeToggled'});
			},
		},
	];
};

const radio = (isChosen: boolean): string => isChosen ? '(o)' : '( )';

/** The kinds of change as rows that open the list of what would be changed so. */
export const usePlanChoices = ({preview}: Plan): readonly Choice[] => {
	const {enter} = useInterface();

	return planActions.map((action): Choice => ({
		value: action,
		label: `    ${actionWords[action]}`,
		remark: preview === undefined ? '' : totalWords(preview, action),
		isMuted: preview?.[action].count === 0,
		choose() {
			if (preview !== undefined) {
				enter({screen: 'plan', preview, action});
			}
		},
	}));
};
