import {
	checkSettingKey,
	parseSetting,
	settingKeys,
	settings,
	type SettingKey,
	type StoredSettings,
} from '../domain/settings.ts';
import {readSetting, settingValue} from '../state/read-setting.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';
import {noJob} from './list-jobs.ts';

/** A setting as it is shown. `value` is the one in force; `default` is `null` where it depends on the machine. */
export type SettingView = {
	readonly key: SettingKey;
	readonly value: string | number | boolean;
	readonly default: string | number | boolean | null;
	/** The default in words. */
	readonly defaultText: string;
	readonly isDefault: boolean;
	readonly unit: string | null;
	readonly meaning: string;
};

export const listSettings = action('listSettings', async ({store}: Context): Promise<readonly SettingView[]> => {
	const {values} = await store.read('settings');

	return settingKeys.map(key => viewSetting(store, values, key));
});

/**
One setting, with its default, unit and meaning.
@throws UserError `notFound`
*/
export const getSetting = action('getSetting', async ({store}: Context, key: string): Promise<SettingView> => {
	const {values} = await store.read('settings');

	return viewSetting(store, values, checkSettingKey(key));
});

/**
Sets a setting from the text an operator typed; `default` brings back the default, and what equals it is not kept.
@throws UserError `notFound`, also for a job that is not there, or `usage` saying what is allowed.
*/
export const setSetting = action('setSetting', async (context: Context, {key, value}: {readonly key: string; readonly value: string}): Promise<SettingView> => {
	const checkedKey = checkSettingKey(key);
	const parsed = value === 'default' ? settings[checkedKey].fallback : parseSetting(checkedKey, value);

	if (checkedKey === 'onDemand.job' && parsed !== undefined) {
		const {jobs} = await context.store.read('jobs');

		if (jobs.every(({name}) => name !== parsed)) {
			throw noJob(String(parsed), jobs);
		}
	}

	await context.store.update('settings', undefined, draft => {
		if (parsed === undefined || parsed === settings[checkedKey].fallback) {
			Reflect.deleteProperty(draft.values, checkedKey);
		} else {
			draft.values[checkedKey] = parsed;
		}
	});

	return getSetting(context, key);
});

const viewSetting = (store: Context['store'], values: StoredSettings, key: SettingKey): SettingView => {
	const {fallback, standIn, unit, meaning} = settings[key];

	return {
		key,
		value: settingValue(store, values, key),
		default: fallback ?? null,
		defaultText: standIn ?? String(fallback),
		isDefault: !Object.hasOwn(values, key),
		unit,
		meaning,
	};
};

/** What everybody who comes in may know: where this is. */
export const readServerName = action('readServerName', async ({store}: Context): Promise<string> => readSetting(store, 'machine.name'));
