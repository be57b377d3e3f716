import {showBackup} from '../actions/backups.ts';
import type {Backup} from '../domain/backup.ts';
import type {ItemResult} from '../domain/item.ts';
import {toScreen} from '../domain/raw-name.ts';
import {countOf, formatBytes} from '../domain/units.ts';
import {backupFields, backupToJson} from './backup-json.ts';
import {defineCommand, type Argument} from './command.ts';
import {showTime} from './show-time.ts';
import {formatFields} from './table.ts';

export const backupArgument = {name: 'ID', meaning: 'id of the backup, its first 6 or more characters, or latest:NAME for the newest complete one of an account'} as const satisfies Argument;

export const backupShow = defineCommand({
	arguments: [backupArgument],
	options: {},
	json: `the backup: ${backupFields}`,
	examples: ['holdfast backup show latest:alice', 'holdfast backup show 3f2a91 --json'],
	needs: 'setup',
	async run({context, values, output}) {
		const [id] = values;
		const backup = await showBackup(context, id);
		await output.result(backupToJson(backup), () => describe(backup));
	},
});

const describe = (backup: Backup): string => formatFields([
	['Backup', backup.id],
	['Account', `${toScreen(backup.account)} (${backup.accountUuid})`],
	['Created', showTime(backup.createdAt)],
	['Status', backup.status],
	['Kind', `${backup.kind}${backup.job === null ? '' : `, job ${backup.job}`}`],
	['Structure', backup.structure],
	['Locked', describeLock(backup)],
	['Encrypted', backup.encrypted ? `under the account's own key (${backup.keyKind ?? 'unknown'})` : 'under the server\'s master key'],
	['Destination', backup.destination],
	['Content', `${countOf(backup.fileCount, 'file')}, ${formatBytes(backup.sizeBytes)}; it added ${formatBytes(backup.storedBytes)}`],
	...backup.items.map(item => [`Item ${item.name}`, describeItem(item)] as const),
]);

const describeLock = ({locked, lockedUntil}: Backup): string => {
	if (!locked) {
		return 'no';
	}

	return lockedUntil === null ? 'yes' : `until ${showTime(lockedUntil)}`;
};

const describeItem = ({status, fileCount, sizeBytes, error}: ItemResult): string => `${status}, ${countOf(fileCount, 'file')}, ${formatBytes(sizeBytes)}${error === null ? '' : `; ! ${error}`}`;
