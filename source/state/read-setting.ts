import {availableParallelism, hostname} from 'node:os';
import {join} from 'node:path';
import {
	settings,
	type SettingKey,
	type SettingValue,
	type StoredSettings,
} from '../domain/settings.ts';
import {localTimeZone} from '../domain/time-zone.ts';
import type {Store} from './store.ts';

/** The value in force: what was set, else the default, which may depend on the machine. An `onDemand.job` that was not set is an empty text. */
export const readSetting = async <Key extends SettingKey>(store: Store, key: Key): Promise<SettingValue<Key>> => {
	const {values} = await store.read('settings');

	return settingValue(store, values, key);
};

/** As `readSetting`, from settings that were read before. */
export const settingValue = <Key extends SettingKey>(store: Pick<Store, 'directory'>, values: StoredSettings, key: Key): SettingValue<Key> =>
	(values[key] ?? settings[key].fallback ?? machineDefault(store, key)) as SettingValue<Key>;

const machineDefault = ({directory}: Pick<Store, 'directory'>, key: SettingKey): string | number => {
	if (key === 'machine.name') {
		return hostname();
	}

	if (key === 'engine.threads') {
		return availableParallelism();
	}

	if (key === 'schedules.timeZone') {
		return localTimeZone();
	}

	return key === 'downloads.dir' ? join(directory, 'downloads') : '';
};
