import {resolve} from 'node:path';
import {importBackup} from '../actions/import-backup.ts';
import {defineCommand} from './command.ts';
import {taskFields} from './task-json.ts';
import {tellTasks} from './tell-tasks.ts';

export const backupImport = defineCommand({
	arguments: [{name: 'FILE', meaning: 'a package, as "holdfast download save" wrote it'}],
	options: {
		account: {type: 'text', placeholder: 'NAME', meaning: 'the account that gets it; else the one of its name'},
		detach: {type: 'flag', meaning: 'returns at once; the work goes on in the background'},
	},
	json: `the task, which names its backup: ${taskFields}`,
	details: [
		'The backup is restored as any other. What was the account\'s becomes the account\'s of this server, whatever its UID here; nothing that was somebody else\'s, no device and no ACL of the other server comes with it.',
		'Where there is no such account, the backup is listed with "holdfast orphan list"; restoring it with the item config makes the account, under its UID where that is free.',
		'A package may come from anybody: what leads elsewhere, is cut short or does not fit its checksums is refused. An encrypted one is opened first, with gpg --decrypt.',
	],
	examples: ['holdfast backup import /root/alice-2026-05-01.tar.gz', 'holdfast backup import alice.tar.gz --account alice2'],
	needs: 'setup',
	async run({context, values, options, output, interruption}) {
		const [file] = values;
		const task = await importBackup(context, {path: resolve(file), account: options.account});

		return tellTasks({context, output, interruption}, [task], {isDetached: options.detach});
	},
});
