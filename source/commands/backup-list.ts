import {listIntactBackups} from '../actions/backups.ts';
import type {BackupView} from '../domain/backup-view.ts';
import {toScreen} from '../domain/raw-name.ts';
import {countOf, formatBytes, formatCount} from '../domain/units.ts';
import {backupFields, backupToJson} from './backup-json.ts';
import {defineCommand} from './command.ts';
import {showTime} from './show-time.ts';
import {tellDamage} from './tell-damage.ts';
import {formatTable, type Column} from './table.ts';

const kinds = ['scheduled', 'manual', 'onDemand', 'safety', 'imported'] as const;

export const backupList = defineCommand({
	arguments: [{name: 'NAME', meaning: 'only those of this account (name or UUID)', count: 'optional'}],
	options: {
		job: {type: 'text', placeholder: 'J', meaning: 'only those of this job'},
		kind: {
			type: 'text', placeholder: 'K', meaning: 'only those of this kind', choices: kinds,
		},
		locked: {type: 'flag', meaning: 'only locked ones'},
	},
	json: `{"backups": […]}, the newest first, each with ${backupFields}`,
	examples: ['holdfast backup list', 'holdfast backup list alice --kind onDemand --json'],
	needs: 'setup',
	async run({context, values, options, output}) {
		const [account] = values;
		const {backups, problems} = await listIntactBackups(context, {
			account, job: options.job, kind: kinds.find(kind => kind === options.kind), isLocked: options.locked ? true : undefined,
		});

		await output.result({backups: backups.map(backup => backupToJson(backup))}, async () => describeList(backups));

		return tellDamage(problems, output);
	},
});

const columns: readonly Column[] = [
	{heading: 'BACKUP'},
	{heading: 'ACCOUNT', isFlexible: true},
	{heading: 'CREATED'},
	{heading: 'KIND'},
	{heading: 'FILES', align: 'right'},
	{heading: 'SIZE', align: 'right'},
	{heading: 'ADDED', align: 'right'},
	{heading: 'STATUS'},
];

const describeList = async (backups: readonly BackupView[]): Promise<string> => {
	if (backups.length === 0) {
		return 'No backup.';
	}

	const table = await formatTable(columns, backups.map(backup => row(backup)));

	return `${table}\n\n${countOf(backups.length, 'backup')}${describeAdded(backups)}.`;
};

const row = ({id, account, createdAt, kind, fileCount, sizeBytes, storedBytes, status, locked}: BackupView): readonly string[] => [
	id,
	toScreen(account),
	showTime(createdAt),
	kind,
	formatCount(fileCount),
	formatBytes(sizeBytes),
	formatBytes(storedBytes),
	`${status === 'complete' ? 'complete' : `! ${status}`}${locked ? ', locked' : ''}`,
];

/** Nothing where it is not told of all of them. */
const describeAdded = (backups: readonly BackupView[]): string => {
	const known = backups.flatMap(({storedBytes}) => storedBytes ?? []);

	return known.length === backups.length ? `, which added ${formatBytes(known.reduce((sum, bytes) => sum + bytes, 0))} to their destinations` : '';
};
