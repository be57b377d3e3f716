import {showBackup} from '../actions/backups.ts';
import {findArchive} from '../actions/find-archive.ts';
import type {BackupView, ItemView} from '../domain/backup-view.ts';
import type {PartResult} from '../domain/item.ts';
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
		await output.result(backupToJson(backup), async () => describe(backup, await findArchive(context, backup)));
	},
});

const describe = (backup: BackupView, archive: string | undefined): string => formatFields([
	['Backup', backup.id],
	['Account', `${toScreen(backup.account)} (${backup.accountUuid})`],
	['Created', showTime(backup.createdAt)],
	['Status', backup.status],
	['Kind', `${backup.kind}${backup.job === null ? '' : `, job ${backup.job}`}`],
	['Structure', backup.structure],
	...archive === undefined ? [] : [['Archive', archive] as const],
	['Locked', describeLock(backup)],
	['Encrypted', describeEncryption(backup)],
	['Destination', backup.destination],
	['Content', `${countOf(backup.fileCount, 'file')}, ${formatBytes(backup.sizeBytes)}; it added ${formatBytes(backup.storedBytes)}`],
	...backup.items.flatMap(item => [
		[`Item ${item.name}`, describeItem(item)] as const,
		...item.parts.filter(({name}) => name !== item.name).map(part => ['', describePart(part)] as const),
	]),
]);

const describeEncryption = ({encrypted, keyKind, structure}: BackupView): string => {
	if (encrypted) {
		return `under the account's own key (${keyKind ?? 'unknown'})`;
	}

	return structure === 'incremental' ? 'under the server\'s master key' : 'no: a plain file that opens without Holdfast';
};

const describeLock = ({locked, lockedUntil}: BackupView): string => {
	if (!locked) {
		return 'no';
	}

	return lockedUntil === null ? 'yes' : `until ${showTime(lockedUntil)}`;
};

const describePart = ({name, status, sizeBytes, error}: PartResult): string => `${toScreen(name)}: ${status}, ${formatBytes(sizeBytes)}${error === null ? '' : `; ! ${error}`}`;

const describeItem = ({status, fileCount, sizeBytes, error}: ItemView): string => `${status}, ${countOf(fileCount, 'file')}, ${formatBytes(sizeBytes)}${error === null ? '' : `; ! ${error}`}`;
