import {previewReset, resetKey, type ResetPreview} from '../actions/reset-key.ts';
import {isLocked} from '../domain/backup-lock.ts';
import {toScreen, toText} from '../domain/raw-name.ts';
import {countOf, formatBytes} from '../domain/units.ts';
import {UserError} from '../errors.ts';
import {ask, canAsk} from './ask.ts';
import {defineCommand} from './command.ts';
import {showTime} from './show-time.ts';
import {taskFields} from './task-json.ts';
import {tellTasks} from './tell-tasks.ts';

const backupsShown = 20;

export const accountResetKey = defineCommand({
	arguments: [{name: 'NAME', meaning: 'name or UUID of the account'}],
	options: {
		confirm: {type: 'text', placeholder: 'NAME', meaning: 'the account\'s name: deletes without asking'},
		'dry-run': {type: 'flag', meaning: 'tells what would be deleted, and changes nothing'},
		detach: {type: 'flag', meaning: 'returns at once; the work goes on in the background'},
	},
	json: `the task: ${taskFields}. With --dry-run {account, uuid, backupCount, lockedCount, storedBytes, backups (ids)}`,
	details: [
		'For an account whose owner has lost the private key, or wants another one: every encrypted backup it has is deleted for good, the locked ones too. Those that are not encrypted stay.',
		'Afterwards it has no key: give it one with "holdfast account encryption", or its next encrypted backup makes a local one.',
	],
	examples: ['holdfast account reset-key alice --dry-run', 'holdfast account reset-key alice --confirm alice'],
	needs: 'setup',
	async run({context, values, options, output, interruption}) {
		const [name] = values;
		const preview = await previewReset(context, name);

		if (options['dry-run']) {
			await output.result(toJson(preview), () => describe(preview, context.clock.now()));
			return 0;
		}

		if (options.confirm === undefined && (output.isJson || !canAsk())) {
			throw new UserError('This deletes backups for good, and there is no terminal to ask on.', {code: 'usage', hint: `Look at it with --dry-run, then give --confirm ${toText(preview.account.name)}.`});
		}

		if (options.confirm === undefined) {
			output.note(`${describe(preview, context.clock.now())}\n`);
		}

		const confirmation = options.confirm ?? await ask({text: `Type ${toScreen(preview.account.name)} to delete them:`, fallback: 'no'});
		const task = await resetKey(context, {account: preview.account.uuid, confirmation});

		return tellTasks({context, output, interruption}, [task], {isDetached: options.detach});
	},
});

const toJson = ({account, backups, lockedCount, storedBytes}: ResetPreview) => ({
	account: toText(account.name), uuid: account.uuid, backupCount: backups.length, lockedCount, storedBytes, backups: backups.map(({id}) => id),
});

const describe = ({account, backups, lockedCount, storedBytes}: ResetPreview, now: Date): string => [
	backups.length === 0
		? `${toScreen(account.name)} has no encrypted backup: its key alone goes.`
		: `For good go ${countOf(backups.length, 'encrypted backup')} of ${toScreen(account.name)}, ${lockedCount} of them locked; making them added ${formatBytes(storedBytes)}:`,
	...backups.slice(0, backupsShown).map(backup => `  ${backup.id}  ${showTime(backup.createdAt)}  ${backup.kind}${isLocked(backup, now) ? '  locked' : ''}`),
	...backups.length > backupsShown ? [`  … and ${backups.length - backupsShown} more.`] : [],
].join('\n');
