import {listOrphans} from '../actions/orphans.ts';
import type {OrphanView} from '../domain/orphan.ts';
import {toScreen} from '../domain/raw-name.ts';
import {countOf, formatBytes, formatCount} from '../domain/units.ts';
import {defineCommand} from './command.ts';
import {orphanFieldNames, orphanFields, orphanToJson} from './orphan-json.ts';
import {showAge, showTime} from './show-time.ts';
import {tryMeasure} from './measure-orphans.ts';
import {tellDamage} from './tell-damage.ts';
import {formatTable, type Column} from './table.ts';

export const orphanList = defineCommand({
	arguments: [],
	options: {
		csv: {type: 'flag', meaning: 'comma-separated values with a heading'},
	},
	json: `{"orphans": […]}, each with ${orphanFields}; reclaimableBytes is what deleting the orphan really frees, null where it could not be measured`,
	details: ['An orphan is an account that was removed while it has backups: one for each UUID, also when several had the same name.'],
	examples: ['holdfast orphan list', 'holdfast orphan list --csv > orphans.csv'],
	needs: 'setup',
	async run({context, options, output, interruption}) {
		const {orphans: unmeasured, problem, damage} = await listOrphans(context);
		const {orphans, failure} = await tryMeasure(context, unmeasured, interruption());
		const rows = orphans.map(orphan => orphanToJson(orphan));

		if (problem !== null) {
			output.note(problem);
		}

		await output.result({orphans: rows}, async () => options.csv ? formatCsv(rows) : describeList(orphans, context.clock.now()));

		return tellDamage([...damage, ...failure === undefined ? [] : [failure]], output);
	},
});

const formatCsv = (rows: ReadonlyArray<ReturnType<typeof orphanToJson>>): string =>
	[orphanFieldNames.join(','), ...rows.map(row => orphanFieldNames.map(field => csvField(row[field])).join(','))].join('\n');

/** Quoted where it must be; a spreadsheet must not take a name for a formula. */
const csvField = (value: string | number | boolean | null): string => {
	const text = value === null ? '' : String(value);
	const safe = typeof value === 'string' && /^[+\-=@]/v.test(text) ? `'${text}` : text;

	return /[\n\r",]/v.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

const columns: readonly Column[] = [
	{heading: 'ORPHAN', isFlexible: true},
	{heading: 'LAST SEEN'},
	{heading: 'BACKUPS', align: 'right'},
	{heading: 'NEWEST'},
	{heading: 'SIZE', align: 'right'},
	{heading: 'RECLAIMABLE', align: 'right'},
	{heading: 'LOCKED', align: 'right'},
	{heading: 'EXPIRES'},
	{heading: 'UUID'},
];

/** Together they may free more, what they share, or less, what is freed with any of them. */
const reclaimableWords = (orphans: readonly OrphanView[]): string => orphans.some(({reclaimableBytes}) => reclaimableBytes === null)
	? 'not measured'
	: `${formatBytes(orphans.reduce((sum, {reclaimableBytes}) => sum + (reclaimableBytes ?? 0), 0))}${orphans.length > 1 ? ', each by itself' : ''}`;

const describeList = async (orphans: readonly OrphanView[], now: Date): Promise<string> => {
	if (orphans.length === 0) {
		return 'No orphan: every account that has backups is there.';
	}

	const table = await formatTable(columns, orphans.map(orphan => [
		toScreen(orphan.name),
		showAge(orphan.lastSeenAt, now),
		formatCount(orphan.backupCount),
		showTime(orphan.newestAt).slice(0, 10),
		formatBytes(orphan.sizeBytes),
		orphan.reclaimableBytes === null ? '–' : formatBytes(orphan.reclaimableBytes),
		formatCount(orphan.lockedCount),
		orphan.expiresAt === null ? 'never' : showTime(orphan.expiresAt).slice(0, 10),
		orphan.uuid,
	]));
	const size = orphans.reduce((sum, {sizeBytes}) => sum + sizeBytes, 0);

	return `${table}\n\n${countOf(orphans.length, 'orphan')}, ${formatBytes(size)} of content; reclaimable: ${reclaimableWords(orphans)}.`;
};
