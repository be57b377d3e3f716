import type {
	RestoreAction,
	RestorePreview,
	RestoreRequest,
	RestoreTarget,
	Selection,
} from '../../../domain/restore.ts';

export type RestoreOptions = {readonly target: RestoreTarget; readonly isMerge: boolean};

export type OptionsEvent =
	| {readonly type: 'targetChanged'; readonly target: RestoreTarget}
	| {readonly type: 'mergeToggled'};

export const startOptions: RestoreOptions = {target: {type: 'original'}, isMerge: false};

export const reduceOptions = (options: RestoreOptions, event: OptionsEvent): RestoreOptions => event.type === 'targetChanged'
	? {...options, target: event.target}
	: {...options, isMerge: !options.isMerge};

export const toRequest = (backup: string, selection: Selection, {target, isMerge}: RestoreOptions): RestoreRequest => ({
	backup, selection, target, isMerge,
});

/** What would be done to live data decides how it has to be confirmed: what overwrites or removes takes the account's name. */
export const requiresName = (preview: RestorePreview, {target}: RestoreOptions): boolean =>
	target.type === 'original' && preview.overwrite.count + preview.delete.count > 0;

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
