import type {Condition} from '../../../domain/condition.ts';
import type {AskedRestore} from '../../../domain/restore-command.ts';
import type {
	RestoreAction,
	RestorePreview,
	RestoreRequest,
	RestoreTarget,
} from '../../../domain/restore.ts';
import type {ChosenRestore} from '../../navigation.ts';

export type RestoreManner = 'isMerge' | 'isMirror' | 'isTerminating' | 'isSuspending';

export type RestoreOptions = Readonly<Record<RestoreManner, boolean>> & {
	readonly target: RestoreTarget;
	/** `undefined`: as the settings say. */
	readonly isSafetyBackupMade: boolean | undefined;
	/** Ids of conditions. */
	readonly accepted: readonly string[];
};

export type OptionsEvent =
	| {readonly type: 'targetChanged'; readonly target: RestoreTarget}
	| {readonly type: 'toggled'; readonly manner: RestoreManner}
	| {readonly type: 'safetyBackupChanged'; readonly isMade: boolean}
	| {readonly type: 'conditionsAccepted'; readonly ids: readonly string[]};

export const startOptions: RestoreOptions = {
	target: {type: 'original'}, isMerge: false, isMirror: false, isTerminating: false, isSuspending: false, isSafetyBackupMade: undefined, accepted: [],
};

export const reduceOptions = (options: RestoreOptions, event: OptionsEvent): RestoreOptions => {
	switch (event.type) {
		case 'targetChanged': {
			// A folder touches no account.
			return {...options, target: event.target, ...event.target.type === 'folder' && {isMirror: false, isTerminating: false, isSuspending: false}};
		}

		case 'toggled': {
			return toggle(options, event.manner);
		}

		case 'safetyBackupChanged': {
			return {...options, isSafetyBackupMade: event.isMade};
		}

		case 'conditionsAccepted': {
			return {...options, accepted: event.ids};
		}
	}
};

/** What keeps live data and what removes it exclude each other: the last one chosen holds. */
const toggle = (options: RestoreOptions, manner: RestoreManner): RestoreOptions => {
	const toggled = {...options, [manner]: !options[manner]};

	if (manner === 'isMerge') {
		return toggled.isMerge ? {...toggled, isMirror: false, isTerminating: false} : toggled;
	}

	return toggled.isMirror || toggled.isTerminating ? {...toggled, isMerge: false} : toggled;
};

export const toRequest = (backup: string, {items, selection}: ChosenRestore, options: RestoreOptions): RestoreRequest => {
	const {target, isMerge, isMirror, isTerminating, isSuspending, isSafetyBackupMade} = options;

	return {
		backup,
		items,
		selection,
		target,
		isMerge,
		...isMirror && {isMirror},
		...isTerminating && {isTerminating},
		...isSuspending && {isSuspending},
		...isSafetyBackupMade !== undefined && {isSafetyBackupMade},
	};
};

/** For the command that does the same. */
export const toAsked = (request: RestoreRequest, {accepted, isTerminating}: RestoreOptions, account: string): AskedRestore => ({
	...request, accepted: accepted.map(id => ({id})), ...isTerminating && {confirm: account},
});

/** The conditions that are still to be accepted. */
export const conditionsLeft = (conditions: readonly Condition[], {accepted}: RestoreOptions): readonly Condition[] => conditions.filter(({id}) => !accepted.includes(id));

/** What would be done to live data decides how it has to be confirmed: what overwrites or removes takes the account's name. */
export const requiresName = (preview: RestorePreview, {target, isTerminating}: Pick<RestoreRequest, 'target' | 'isTerminating'>): boolean =>
	target.type === 'original' && (isTerminating === true || preview.overwrite.count + preview.delete.count > 0);

/** The kinds of change in the order in which they are shown. */
export const planActions: readonly RestoreAction[] = ['create', 'overwrite', 'keep', 'liveOnly', 'delete', 'denied'];

export const actionMeanings: Readonly<Record<RestoreAction, string>> = {
	create: 'missing live',
	overwrite: 'differs: the backup wins',
	keep: 'not touched',
	liveOnly: 'not in the backup: stays',
	delete: 'not in the backup: removed',
	denied: 'may not be restored',
};
