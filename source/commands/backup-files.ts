import {listFolder, listRecursive} from '../actions/browse.ts';
import type {Entry} from '../domain/entry.ts';
import {toScreen} from '../domain/raw-name.ts';
import {formatBytes} from '../domain/units.ts';
import {entryFields, entryToJson} from './backup-json.ts';
import {backupArgument} from './backup-show.ts';
import {defineCommand} from './command.ts';
import {describeMode} from './describe-mode.ts';
import {ownerKeyOptions, withOwnerKeys} from './owner-keys.ts';
import {showFileTime} from './show-time.ts';
import {formatTable, type Column} from './table.ts';
import {jsonList, writeOut} from './write-out.ts';

export const backupFiles = defineCommand({
	arguments: [backupArgument, {name: 'PATH', meaning: 'a folder: relative to the home, or absolute inside it', count: 'optional'}],
	options: {
		recursive: {type: 'flag', meaning: 'all that is below it'},
		...ownerKeyOptions,
	},
	json: `{"entries": […]}, each with ${entryFields}; path is relative to the home, mode a number`,
	details: ['Without PATH it lists the home itself. A path is taken as it is, never as a pattern.'],
	examples: ['holdfast backup files latest:alice', 'holdfast backup files 3f2a91 public_html --recursive --json'],
	needs: 'setup',
	async run(invocation) {
		const {values, options, output} = invocation;
		const [backup, path] = values;
		const context = await withOwnerKeys(invocation, {type: 'backups', backups: [backup]});

		if (options.recursive) {
			const entries = listRecursive(context, {backup, path});
			await writeOut(output.isJson ? jsonList('entries', toDocuments(entries)) : toLines(entries));
			return;
		}

		const entries = await listFolder(context, {backup, path});
		await output.result({entries: entries.map(entry => entryToJson(entry))}, async () => describeFolder(entries));
	},
});

const toDocuments = async function * (entries: AsyncIterable<Entry>): AsyncGenerator<object> {
	for await (const entry of entries) {
		yield entryToJson(entry);
	}
};

const toLines = async function * (entries: AsyncIterable<Entry>): AsyncGenerator<string> {
	for await (const entry of entries) {
		yield `${entry.isNameOnly ? '' : `${describeMode(entry)} ${formatBytes(entry.sizeBytes).padStart(7)}  ${showFileTime(entry.modifiedNs)}  `}${toScreen(entry.path)}${describeLink(entry)}\n`;
	}
};

const columns: readonly Column[] = [
	{heading: 'MODE'},
	{heading: 'UID', align: 'right'},
	{heading: 'GID', align: 'right'},
	{heading: 'SIZE', align: 'right'},
	{heading: 'MODIFIED'},
	{heading: 'NAME', isFlexible: true},
];

const describeFolder = async (entries: readonly Entry[]): Promise<string> => entries.length === 0
	? 'The folder is empty.'
	: formatTable(columns, entries.map(entry => [
		...entry.isNameOnly
			? ['', '', '', '–', '']
			: [describeMode(entry), String(entry.uid), String(entry.gid), entry.type === 'file' ? formatBytes(entry.sizeBytes) : '–', showFileTime(entry.modifiedNs)],
		`${toScreen(entry.name)}${describeLink(entry)}`,
	]));

const describeLink = ({type, linkTarget}: Entry): string => {
	if (linkTarget !== null) {
		return ` -> ${toScreen(linkTarget)}`;
	}

	return type === 'directory' ? '/' : '';
};
