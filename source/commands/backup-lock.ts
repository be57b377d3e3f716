import {lockBackup, unlockBackup} from '../actions/backup-locks.ts';
import {toScreen} from '../domain/raw-name.ts';
import {backupFields, backupToJson} from './backup-json.ts';
import {backupArgument} from './backup-show.ts';
import {defineCommand} from './command.ts';
import {parseDate} from './parse-values.ts';
import {showTime} from './show-time.ts';

export const backupLock = defineCommand({
	arguments: [backupArgument],
	options: {
		until: {type: 'text', placeholder: 'DATE', meaning: 'the last day of the lock; without it it holds for ever'},
	},
	json: `the backup: ${backupFields}`,
	details: ['A locked backup is out of every rotation: no schedule, limit, TTL or expiry takes it.'],
	examples: ['holdfast backup lock latest:alice', 'holdfast backup lock 3f2a91 --until 2027-03-31'],
	needs: 'setup',
	async run({context, values, options, output}) {
		const [id] = values;
		const backup = await lockBackup(context, id, options.until === undefined ? null : parseDate('until', options.until));

		await output.result(backupToJson(backup), () => `The backup ${backup.id} of ${toScreen(backup.account)} is locked ${backup.lockedUntil === null ? 'for ever' : `until ${showTime(backup.lockedUntil)}`}.`);
	},
});

export const backupUnlock = defineCommand({
	arguments: [backupArgument],
	options: {},
	json: `the backup: ${backupFields}; and forecast: what becomes of it, in words`,
	details: ['Says which rotation will take it, and when.'],
	examples: ['holdfast backup unlock 3f2a91'],
	needs: 'setup',
	async run({context, values, output}) {
		const [id] = values;
		const {backup, forecast} = await unlockBackup(context, id);

		await output.result({...backupToJson(backup), forecast}, () => `The backup ${backup.id} of ${toScreen(backup.account)} is not locked any more. ${forecast}`);
	},
});
