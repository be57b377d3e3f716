import {
	getSetting,
	listSettings,
	setSetting,
	type SettingView,
} from '../actions/settings.ts';
import {wrapText} from './wrap-text.ts';
import {defineCommand} from './command.ts';

const fields = 'key, value, default (null where it depends on the machine), defaultText, isDefault, unit, meaning';

export const settingList = defineCommand({
	arguments: [],
	options: {},
	json: `{"settings": […]}, each with ${fields}`,
	examples: ['holdfast setting list', 'holdfast setting list --json'],
	needs: 'setup',
	async run({context, output}) {
		const settings = await listSettings(context);
		await output.result({settings}, () => settings.map(setting => describe(setting)).join('\n\n'));
	},
});

export const settingGet = defineCommand({
	arguments: [{name: 'KEY', meaning: 'see "holdfast setting list"'}],
	options: {},
	json: `the setting: ${fields}`,
	details: ['Without --json it prints the value alone.'],
	examples: ['holdfast setting get queue.backupLanes'],
	needs: 'setup',
	async run({context, values, output}) {
		const [key] = values;
		const setting = await getSetting(context, key);
		await output.result(setting, () => String(setting.value));
	},
});

export const settingSet = defineCommand({
	arguments: [{name: 'KEY', meaning: 'see "holdfast setting list"'}, {name: 'VALUE', meaning: 'the new value; "default" brings back the default'}],
	options: {},
	json: `the setting: ${fields}`,
	examples: ['holdfast setting set queue.backupLanes 2', 'holdfast setting set destination.minFreeBytes 5GiB', 'holdfast setting set queue.backupLanes default'],
	needs: 'setup',
	async run({context, values, output}) {
		const [key, value] = values;
		const setting = await setSetting(context, {key, value});
		await output.result(setting, () => describe(setting));
	},
});

const describe = ({key, value, defaultText, isDefault, unit, meaning}: SettingView): string => {
	const head = `${key} = ${value}${unit === null ? '' : ` ${unit}`}`;
	const origin = isDefault ? 'the default' : `default: ${defaultText}`;

	return [`${head}  (${origin})`, ...wrapText(meaning, {width: 76, indent: 0}).map(line => `    ${line}`)].join('\n');
};
