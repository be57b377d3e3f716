import {readFile} from 'node:fs/promises';
import {resolve} from 'node:path';
import process from 'node:process';
import {buffer} from 'node:stream/consumers';
import {showBackup} from '../actions/backups.ts';
import {
	deleteDownload,
	listDownloads,
	saveDownload,
	startDownload,
	streamDownload,
} from '../actions/downloads.ts';
import {selectFiles} from '../actions/restores.ts';
import {toScreen} from '../domain/raw-name.ts';
import {UserError} from '../errors.ts';
import {backupArgument} from './backup-show.ts';
import {chooseItems} from './choose-items.ts';
import {defineCommand, type Argument} from './command.ts';
import {describeDownloads, downloadFields, downloadToJson} from './download-json.ts';
import {ownerKeyOptions, withOwnerKeys} from './owner-keys.ts';
import {taskFields} from './task-json.ts';
import {tellTasks} from './tell-tasks.ts';
import {writeOut} from './write-out.ts';

const idArgument = {name: 'ID', meaning: 'id of the download, or the beginning of it'} as const satisfies Argument;

export const downloadCreate = defineCommand({
	arguments: [backupArgument],
	options: {
		item: {type: 'repeated', placeholder: 'ITEM[:PART]', meaning: 'only this item, or this part of it'},
		path: {type: 'repeated', placeholder: 'P', meaning: 'only this file or folder: relative to the home, or absolute inside it; taken as it is, never as a pattern'},
		recipient: {type: 'text', placeholder: 'KEYFILE', meaning: 'encrypts it to this OpenPGP public key (- for standard input)'},
		notes: {type: 'text', placeholder: 'T', meaning: 'what it is for'},
		strict: {type: 'flag', meaning: 'refuses, where otherwise something would be left out for want of restoration rights'},
		detach: {type: 'flag', meaning: 'returns at once; the work goes on in the background'},
		...ownerKeyOptions,
	},
	json: `the task, which names its download: ${taskFields}`,
	details: [
		'Every item that the backup has is packed, or those given with --item; with --path alone only files of the home. The package is one .tar.gz with a folder for each item; README.md says what lies where.',
		'Of an encrypted backup, too, the package is in the clear unless --recipient is given. With that nothing of it is ever on disk in the clear; plain gpg opens it: "gpg --decrypt FILE | tar xz".',
	],
	examples: ['holdfast download create latest:alice', 'holdfast download create 3f2a91 --item databases:alice_shop --notes "for the new shop"', 'holdfast download create latest:alice --path public_html --recipient alice.asc'],
	needs: 'setup',
	async run(invocation) {
		const {values, options, output, interruption} = invocation;
		const [id] = values;
		const context = await withOwnerKeys(invocation, {type: 'backups', backups: [id]});
		const backup = await showBackup(context, id);
		const items = chooseItems({items: options.item, itemFrom: [], paths: options.path}, backup);
		const task = await startDownload(context, {
			backup: backup.id,
			...items && {items},
			selection: await selectFiles(context, {backup: backup.id, paths: options.path, excludes: []}),
			notes: options.notes,
			...options.recipient !== undefined && {recipient: await readKeyFile(options.recipient)},
			isStrict: options.strict,
		});

		if (backup.encrypted && options.recipient === undefined) {
			output.note('The package is not encrypted: it lies on this server in the clear until it is deleted or expires. Seal it to its reader with --recipient KEYFILE.');
		}

		return tellTasks({context, output, interruption}, [task], {isDetached: options.detach});
	},
});

export const downloadList = defineCommand({
	arguments: [{name: 'NAME', meaning: 'name or UUID of the account', count: 'optional'}],
	options: {},
	json: `{"downloads": […]}, each with ${downloadFields}`,
	examples: ['holdfast download list', 'holdfast download list alice'],
	needs: 'setup',
	async run({context, values, output}) {
		const [account] = values;
		const downloads = await listDownloads(context, {account});
		await output.result({downloads: downloads.map(download => downloadToJson(download))}, async () => describeDownloads(downloads));
	},
});

export const downloadSave = defineCommand({
	arguments: [idArgument, {name: 'DEST', meaning: 'a new file, or a folder for one; - is standard output'}],
	options: {},
	json: '{"path"} of the file; with - nothing but the package is printed',
	details: ['The package is held against its checksum on the way; damage ends it with 7, and is not kept under DEST.'],
	examples: ['holdfast download save 3f2a91 /root/', 'ssh root@server holdfast download save 3f2a91 - > alice.tar.gz'],
	needs: 'setup',
	async run({context, values, output}) {
		const [id, destination] = values;

		if (destination === '-') {
			await streamDownload(context, {id}, async chunks => writeOut(chunks));
			return;
		}

		const path = await saveDownload(context, {id, path: resolve(destination)});
		await output.result({path}, () => `Saved as ${path}`);
	},
});

export const downloadDelete = defineCommand({
	arguments: [idArgument],
	options: {},
	json: `the download as it was: ${downloadFields}`,
	examples: ['holdfast download delete 3f2a91'],
	needs: 'setup',
	async run({context, values, output}) {
		const [id] = values;
		const download = await deleteDownload(context, id);
		await output.result(downloadToJson(download), () => `Gone: ${download.id} of ${toScreen(download.account)}`);
	},
});

const readKeyFile = async (path: string): Promise<Uint8Array> => {
	try {
		return path === '-' ? await buffer(process.stdin) : await readFile(path);
	} catch (error) {
		throw new UserError(`The file ${path} cannot be read: ${(error as Error).message}.`, {code: 'usage', hint: 'Name a file with an OpenPGP public key.', cause: error});
	}
};
