import {readStoredFile} from '../actions/browse.ts';
import {backupArgument} from './backup-show.ts';
import {defineCommand} from './command.ts';
import {ownerKeyOptions, withOwnerKeys} from './owner-keys.ts';
import {writeOut} from './write-out.ts';

export const backupCat = defineCommand({
	arguments: [backupArgument, {name: 'PATH', meaning: 'a file: relative to the home, or absolute inside it'}],
	options: ownerKeyOptions,
	details: ['The content comes as it is stored, checked piece by piece; damage ends it with 7.'],
	examples: ['holdfast backup cat latest:alice public_html/wp-config.php', 'holdfast backup cat 3f2a91 dump.sql > dump.sql'],
	needs: 'setup',
	async run(invocation) {
		const [backup, path] = invocation.values;
		const context = await withOwnerKeys(invocation, {type: 'backups', backups: [backup]});
		await writeOut(readStoredFile(context, {backup, path}));
	},
});
