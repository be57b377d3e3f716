import {measureAccount} from '../actions/measure-account.ts';
import {countOf, formatBytes, formatCount} from '../domain/units.ts';
import {defineCommand} from './command.ts';
import {formatTable} from './table.ts';

export const accountExcludes = defineCommand({
	arguments: [{name: 'NAME', meaning: 'name or UUID of the account'}],
	options: {
		exclude: {type: 'list', placeholder: 'GLOB', meaning: 'a pattern to try; without any, those of the account'},
	},
	json: '{files, bytes, entries (of the home now), excluded: {files, bytes}, patterns: [{pattern, files, bytes}] (what each alone leaves out), unreadable (folders that could not be read)}',
	details: ['Changes nothing. Counted as a backup does it: the content of hard links once, mounts not entered, and nothing of what other items hold, such as mailboxes, is left out.'],
	examples: ['holdfast account excludes alice', 'holdfast account excludes alice --exclude \'*.log,cache\''],
	needs: 'setup',
	async run({context, values, options, output, interruption}) {
		const [name] = values;
		const {exclude: patterns} = options;
		const size = await measureAccount(context, {account: name, ...(patterns.length > 0 && {excludes: patterns}), signal: interruption()});

		await output.result(size, async () => [
			...size.patterns.length > 1 ? [await formatTable([{heading: 'PATTERN', isFlexible: true}, {heading: 'FILES', align: 'right'}, {heading: 'SIZE', align: 'right'}], size.patterns.map(({pattern, files, bytes}) => [pattern, formatCount(files), formatBytes(bytes)])), ''] : [],
			`Left out now: ${countOf(size.excluded.files, 'file')}, ${formatBytes(size.excluded.bytes)}, of ${countOf(size.files, 'file')}, ${formatBytes(size.bytes)}.`,
			...(size.unreadable === 0 ? [] : [`${countOf(size.unreadable, 'folder')} could not be read and is not counted.`]),
		].join('\n'));
	},
});
