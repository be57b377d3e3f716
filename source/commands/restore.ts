import {resolve} from 'node:path';
import {showBackup} from '../actions/backups.ts';
import type {Context} from '../actions/context.ts';
import {previewRestore, selectFiles, startRestore} from '../actions/restores.ts';
import type {BackupView} from '../domain/backup-view.ts';
import {toScreen} from '../domain/raw-name.ts';
import type {RestoreRequest} from '../domain/restore.ts';
import {UserError} from '../errors.ts';
import {ask, canAsk} from './ask.ts';
import {backupArgument} from './backup-show.ts';
import {chooseItems} from './choose-items.ts';
import {defineCommand} from './command.ts';
import {describePreview, previewFields, previewToJson} from './describe-preview.ts';
import type {Output} from './output.ts';
import {ownerKeyOptions, withOwnerKeys} from './owner-keys.ts';
import {taskFields} from './task-json.ts';
import {tellTasks} from './tell-tasks.ts';

export const restore = defineCommand({
	arguments: [backupArgument],
	options: {
		item: {type: 'repeated', placeholder: 'ITEM[:PART]', meaning: 'only this item, or this part of it'},
		'item-from': {type: 'repeated', placeholder: 'ITEM=ID', meaning: 'takes this item from another backup of the account'},
		path: {type: 'repeated', placeholder: 'P', meaning: 'only this file or folder: relative to the home, or absolute inside it; taken as it is, never as a pattern'},
		exclude: {type: 'list', placeholder: 'GLOB', meaning: 'leaves out what matches'},
		to: {type: 'text', placeholder: 'DIR', meaning: 'into this new or empty folder (with --merge any folder) instead of the original place'},
		merge: {type: 'flag', meaning: 'live wins: only what is missing is created'},
		mirror: {type: 'flag', meaning: 'deletes what is live alone, but for what the backup could not hold'},
		terminate: {type: 'flag', meaning: 'locks logins, ends processes and sets what is live aside, until its replacement is there and verified'},
		confirm: {type: 'text', placeholder: 'NAME', meaning: 'with --terminate: the account\'s name'},
		suspend: {type: 'flag', meaning: 'locks the account afterwards'},
		accept: {type: 'list', placeholder: 'CONDITION', meaning: 'accepts this restore condition, by its id'},
		'no-safety-backup': {type: 'flag', meaning: 'does not back up first what may be overwritten'},
		strict: {type: 'flag', meaning: 'refuses, where otherwise something would be left out for want of restoration rights'},
		'dry-run': {type: 'flag', meaning: 'tells what would be done, and changes nothing'},
		detach: {type: 'flag', meaning: 'returns at once; the work goes on in the background'},
		yes: {type: 'flag', meaning: 'asks nothing'},
		...ownerKeyOptions,
	},
	json: `the task: ${taskFields}. With --dry-run the preview: ${previewFields}`,
	details: [
		'Every item that the backup has is restored, or those given with --item; with --path alone only the home. Items other than the home go into DIR/.holdfast/ITEM with --to.',
		'Files of the backup replace live ones; live files that the backup does not have stay. Each file is checked before it takes its name.',
		'What is live is backed up first, as a backup of the kind safety that is kept for restore.safetyTtlDays; the task names it, and with it "holdfast rollback TASK" undoes the restore.',
		'Neither --mirror nor --terminate removes what the backup could not hold: what its excludes left out, other items\' files, mounts, and what could not be read then.',
		'--terminate is for administrators: it wants config and homedir among what is restored and a safety backup, and reads the whole backup first. If the home does not come back whole, the one of before is put back.',
		'To the original place only while the account is the one that was backed up; else restore into a folder with --to.',
		'The work is done by a background runner, which goes on when the terminal is closed. Ctrl-C asks it to stop.',
	],
	examples: ['holdfast restore latest:alice --dry-run', 'holdfast restore latest:alice --path public_html --exclude \'*.log\' --yes', 'holdfast restore latest:alice --item cron --yes', 'holdfast restore 3f2a91 --to /root/alice-in-may'],
	needs: 'setup',
	async run(invocation) {
		const {values, options, output, interruption} = invocation;
		const [id] = values;
		const backup = await showBackup(invocation.context, id);
		const items = chooseItems({items: options.item, itemFrom: options['item-from'], paths: options.path}, backup);
		const context = await withOwnerKeys(invocation, {type: 'backups', backups: [backup.id, ...(items ?? []).flatMap(item => item.backup ?? [])]});
		const homeSource = items?.find(({name}) => name === 'homedir')?.backup ?? backup.id;
		const request: RestoreRequest = {
			backup: backup.id,
			...items && {items},
			selection: await selectFiles(context, {backup: homeSource, paths: options.path, excludes: options.exclude}),
			target: options.to === undefined ? {type: 'original'} : {type: 'folder', path: resolve(options.to)},
			isMerge: options.merge,
			...options.mirror && {isMirror: true},
			...options.terminate && {isTerminating: true},
			...options.suspend && {isSuspending: true},
			...options.strict && {isStrict: true},
			...options['no-safety-backup'] && {isSafetyBackupMade: false},
		};

		if (options['dry-run']) {
			const preview = await previewRestore(context, request, {signal: interruption()});
			await output.result(previewToJson(preview), () => describePreview(preview));
			return 0;
		}

		if (!options.yes) {
			await confirm({
				context, backup, request, output,
			});
		}

		const queued = await startRestore(context, request, {accept: options.accept, confirm: options.confirm});

		return tellTasks({context, output, interruption}, [queued], {isDetached: options.detach});
	},
});

type Confirmation = {
	readonly context: Context;
	readonly backup: BackupView;
	readonly request: RestoreRequest;
	readonly output: Output;
};

/** What overwrites live data wants the account's name typed; the rest a yes. */
const confirm = async ({context, backup, request, output}: Confirmation): Promise<void> => {
	if (output.isJson || !canAsk()) {
		throw new UserError('A restore asks before it begins, and there is no terminal to ask on.', {code: 'usage', hint: 'Look at it with --dry-run, then give --yes.'});
	}

	const preview = await previewRestore(context, request);
	const name = toScreen(backup.account);
	const target = request.target.type === 'folder' ? request.target.path : `the home of ${name}`;
	const isHarmless = preview.overwrite.count === 0 && preview.delete.count === 0;

	output.note(`${describePreview(preview)}\n`);
	const answer = await ask({
		text: isHarmless ? `Restore this into ${target}? (yes or no)` : `This overwrites ${preview.overwrite.count} of what is in ${target}. Type ${name} to go on:`,
		fallback: 'no',
	});

	if (!(isHarmless ? ['y', 'yes'] : [name]).includes(answer)) {
		throw new UserError('Nothing was done.', {code: 'interrupted'});
	}
};
