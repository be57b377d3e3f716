import type {ActionDispatch} from 'react';
import type {BackupView} from '../../../domain/backup-view.ts';
import type {Condition} from '../../../domain/condition.ts';
import {fromText} from '../../../domain/raw-name.ts';
import type {RestorePreview} from '../../../domain/restore.ts';
import {actionWords} from '../../components/header.ts';
import type {Choice} from '../../components/use-menu.ts';
import {useInterface} from '../../interface.ts';
import type {Handler} from '../../keys/focus-stack.ts';
import {showName} from '../../look/name.ts';
import {useSession} from '../../session.ts';
import {useAct} from '../../use-act.ts';
import {totalWords} from './options-lines.ts';
import {
	conditionsLeft,
	planActions,
	type OptionsEvent,
	type RestoreManner,
	type RestoreOptions,
} from './options-state.ts';
import {useAccept} from './use-accept.ts';

export type OptionChoices = {
	readonly backup: BackupView;
	readonly options: RestoreOptions;
	readonly dispatch: ActionDispatch<[event: OptionsEvent]>;
	/** Of this server; none while they are read. */
	readonly conditions: readonly Condition[];
};

/** The options of a restore as rows: where to, what wins, what becomes of the account. */
export const useOptionChoices = (facts: OptionChoices): readonly Choice[] => {
	const targets = useTargetChoices(facts);
	const manners = useMannerChoices(facts);
	const accept = useAccept(facts);
	const {conditions, options} = facts;
	const left = conditionsLeft(conditions, options).length;

	return [
		...targets,
		...manners,
		...(conditions.length === 0
			? []
			: [{
				value: 'conditions',
				label: `${box(left === 0)} conditions accepted`,
				remark: `${conditions.length - left} of ${conditions.length}; each is shown, and accepted by y`,
				choose: accept,
			}]),
	];
};

const useTargetChoices = ({backup, options: {target}, dispatch}: OptionChoices): readonly Choice[] => {
	const {askText} = useInterface();
	const {actor, isSigningIn} = useSession();
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
			remark: `the account ${showName(backup.account)}`,
			choose() {
				dispatch({type: 'targetChanged', target: {type: 'original'}});
			},
		},
		{
			value: 'folder',
			label: `${radio(target.type === 'folder')} into a folder`,
			remark: target.type === 'folder' ? showName(fromText(target.path)) : 'a new one; no account is touched',
			choose: whyNotFolder(actor.role, isSigningIn) ?? askFolder,
		},
	];
};

const whyNotFolder = (role: string, isSigningIn: boolean): string | undefined => {
	if (role === 'user') {
		return 'administrators and operators only';
	}

	return isSigningIn ? 'folders of the server are not for those who sign in' : undefined;
};

type MannerWords = {readonly label: string; readonly on: string; readonly off: string};

const mannerWords: Readonly<Record<RestoreManner, MannerWords>> = {
	isMerge: {label: 'only what is missing', on: 'what is live wins: nothing is overwritten', off: 'off: what differs is overwritten'},
	isMirror: {label: 'mirror', on: 'what is live alone is deleted', off: 'off: what is live alone stays'},
	isTerminating: {label: 'terminate first', on: 'processes ended, live data set aside', off: 'off: logins and processes go on'},
	isSuspending: {label: 'suspend afterwards', on: 'the account is locked in the end', off: 'off'},
};

const useMannerChoices = ({options, dispatch}: OptionChoices): readonly Choice[] => {
	const {actor: {role}} = useSession();
	const isFolder = options.target.type === 'folder';
	const folderReason = isFolder ? 'a folder touches no account' : undefined;
	const administrators = role === 'administrator' ? undefined : 'administrators only';
	const operators = role === 'user' ? 'administrators and operators only' : undefined;

	const row = (manner: RestoreManner, whyNot?: string): Choice => {
		const {label, on, off} = mannerWords[manner];

		return {
			value: manner,
			label: `${box(options[manner])} ${label}`,
			remark: options[manner] ? on : off,
			choose: whyNot ?? (() => {
				dispatch({type: 'toggled', manner});
			}),
		};
	};

	const isMade = options.isSafetyBackupMade ?? true;

	const changeSafety: Handler = () => {
		dispatch({type: 'safetyBackupChanged', isMade: !isMade});
	};

	return [
		row('isMerge'),
		row('isMirror', operators ?? folderReason),
		row('isTerminating', administrators ?? folderReason),
		row('isSuspending', administrators ?? folderReason),
		{
			value: 'safety',
			label: `${box(isMade && !isFolder)} safety backup first`,
			remark: safetyWords(options.isSafetyBackupMade),
			choose: operators ?? folderReason ?? changeSafety,
		},
	];
};

const safetyWords = (isMade: boolean | undefined): string => {
	if (isMade === undefined) {
		return 'as the settings say; a rollback needs it';
	}

	return isMade ? 'a rollback brings it back' : 'off: this can then not be undone';
};

const radio = (isChosen: boolean): string => isChosen ? '(o)' : '( )';
const box = (isChosen: boolean): string => isChosen ? '[x]' : '[ ]';

/** The kinds of change as rows that open the list of what would be changed so. */
export const usePlanChoices = (preview: RestorePreview | undefined): readonly Choice[] => {
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
