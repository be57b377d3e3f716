import {measureAccount} from '../actions/measure-account.ts';
import {countOf, formatBytes} from '../domain/units.ts';
import {defineCommand} from './command.ts';

export const accountExcludes = defineCommand({
	arguments: [{name: 'NAME', meaning: 'name or UUID of the account'}],
	options: {
		exclude: {type: 'list', placeholder: 'GLOB', meaning: 'a pattern to try; without any, those of the account'},
	},
	json: '{files, bytes, entries (of the home now), excluded: {files, bytes}, unreadable (folders that could not be read)}',
	details: ['Changes nothing. Hard links count as often as they are there; mounts are not entered.'],
	examples: ['holdfast account excludes alice', 'holdfast account excludes alice --exclude \'*.log,cache\''],
	needs: 'setup',
	async run({context, values, options, output, interruption}) {
		const [name] = values;
		const {exclude: patterns} = options;
		const size = await measureAccount(context, {account: name, ...(patterns.length > 0 && {excludes: patterns}), signal: interruption()});

		await output.result(size, () => [
			`Left out now: ${countOf(size.excluded.files, 'file')}, ${formatBytes(size.excluded.bytes)}, of ${countOf(size.files, 'file')}, ${formatBytes(size.bytes)}.`,
			...(size.unreadable === 0 ? [] : [`${countOf(size.unreadable, 'folder')} could not be read and is not counted.`]),
		].join('\n'));
	},
});
