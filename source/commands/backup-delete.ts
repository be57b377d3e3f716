import {requirePermission} from '../actions/action.ts';
import {showBackup} from '../actions/backups.ts';
import {deleteBackups} from '../actions/delete-backups.ts';
import type {BackupView} from '../domain/backup-view.ts';
import {toScreen} from '../domain/raw-name.ts';
import {UserError} from '../errors.ts';
import {ask, canAsk} from './ask.ts';
import {backupFields, backupToJson} from './backup-json.ts';
import {backupArgument} from './backup-show.ts';
import {defineCommand} from './command.ts';
import type {Output} from './output.ts';
import {showTime} from './show-time.ts';

export const backupDelete = defineCommand({
	arguments: [backupArgument],
	options: {
		yes: {type: 'flag', meaning: 'deletes without asking'},
	},
	json: `the backup that was deleted: ${backupFields}`,
	details: ['There is no way back. The space that only this backup used is freed by the next "holdfast cleanup", that of archives at once. A locked backup is not deleted (6), nor one that is being restored.'],
	examples: ['holdfast backup delete 3f2a91 --yes'],
	needs: 'setup',
	async run({context, values, options, output}) {
		const [id] = values;
		await requirePermission(context, 'deleteBackups');
		const backup = await showBackup(context, id);

		if (!options.yes) {
			await confirm(backup, output);
		}

		await deleteBackups(context, [backup]);
		await output.result(backupToJson(backup), () => `Deleted ${describe(backup)}. ${spaceOf(backup)}`);
	},
});

const confirm = async (backup: BackupView, {isJson}: Output): Promise<void> => {
	if (isJson || !canAsk()) {
		throw new UserError('Deleting a backup needs --yes where nobody can be asked.', {code: 'usage', hint: `It would be ${describe(backup)}.`});
	}

	const answer = await ask({text: `Delete ${describe(backup)} for good?`, fallback: 'no'});

	if (!['y', 'yes'].includes(answer.toLowerCase())) {
		throw new UserError('Nothing was deleted.', {code: 'interrupted'});
	}
};

const spaceOf = ({structure}: BackupView): string => structure === 'incremental' ? 'Free what it alone used with "holdfast cleanup".' : 'Its archives went with it.';

const describe = ({id, account, createdAt}: BackupView): string => `backup ${id} of ${toScreen(account)}, made ${showTime(createdAt)}`;
