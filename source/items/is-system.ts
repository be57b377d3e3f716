import {settings} from '../domain/settings.ts';
import {readSetting} from '../state/read-setting.ts';
import type {Store} from '../state/store.ts';

/** Whether the accounts are the system's own. Those of a sandbox have namesakes there, which the system's tools would touch. */
export const isSystem = async (store: Store): Promise<boolean> => {
	const path = await readSetting(store, 'accounts.passwd');

	return path === settings['accounts.passwd'].fallback;
};
