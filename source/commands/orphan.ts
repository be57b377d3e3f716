import {deleteOrphan, showOrphan, type OrphanDetails} from '../actions/orphan-acts.ts';
import {toScreen, toText} from '../domain/raw-name.ts';
import {countOf, formatBytes} from '../domain/units.ts';
import {UserError} from '../errors.ts';
import {ask, canAsk} from './ask.ts';
import {backupFields, backupToJson} from './backup-json.ts';
import {defineCommand, type Argument} from './command.ts';
import {tryMeasure} from './measure-orphans.ts';
import {orphanFields, orphanToJson} from './orphan-json.ts';
import type {Output} from './output.ts';
import {showTime} from './show-time.ts';
import {formatFields, formatTable} from './table.ts';

const uuidArgument = {name: 'UUID', meaning: 'UUID of the orphan, or its name where no other account has it'} as const satisfies Argument;

export const orphanShow = defineCommand({
	arguments: [uuidArgument],
	options: {},
	json: `the orphan: ${orphanFields}; and backups: […], each with ${backupFields}`,
	examples: ['holdfast orphan show 0c1f5a52-6a67-4dd4-9d43-6a7cbb0f9c55'],
	needs: 'setup',
	async run({context, values, output, interruption}) {
		const [uuid] = values;
		const details = await showOrphan(context, uuid);
		const {orphans, failure} = await tryMeasure(context, [details.orphan], interruption());
		const measured = {...details, orphan: orphans[0]!};

		if (failure !== undefined) {
			output.note(failure.message);
		}

		await output.result(toJson(measured), async () => describe(measured));
	},
});

export const orphanDelete = defineCommand({
	arguments: [uuidArgument],
	options: {
		confirm: {type: 'text', placeholder: 'NAME', meaning: 'the name of the orphan, instead of being asked'},
	},
	json: `the orphan as it was: ${orphanFields}; and backups: […], each with ${backupFields}`,
	details: ['Deletes all its backups for good, and forgets it. While one of them is locked or being restored nothing is deleted (6). What they alone used is freed by the next "holdfast cleanup".'],
	examples: ['holdfast orphan delete 0c1f5a52-6a67-4dd4-9d43-6a7cbb0f9c55 --confirm alice'],
	needs: 'setup',
	async run({context, values, options, output}) {
		const [uuid] = values;
		const confirmation = options.confirm ?? await askForName(await showOrphan(context, uuid), output);
		const details = await deleteOrphan(context, {account: uuid, confirmation});
		const {orphan, backups} = details;

		await output.result(toJson(details), () => `Deleted ${countOf(backups.length, 'backup')} of ${toScreen(orphan.name)} (${orphan.uuid}). Free what they alone used with "holdfast cleanup".`);
	},
});

const askForName = async (details: OrphanDetails, output: Output): Promise<string> => {
	const {orphan} = details;

	if (output.isJson || !canAsk()) {
		throw new UserError(`This deletes ${countOf(orphan.backupCount, 'backup')}, ${formatBytes(orphan.sizeBytes)} of content, and there is no terminal to ask on.`, {
			code: 'usage',
			hint: `Give --confirm ${toText(orphan.name)}; see what it is with "holdfast orphan show ${orphan.uuid}".`,
		});
	}

	output.note(`${await describe(details)}\n`);
	const answer = await ask({text: `This deletes them for good. Type ${toScreen(orphan.name)} to go on:`, fallback: 'no'});

	if (answer !== toText(orphan.name)) {
		throw new UserError('Nothing was deleted.', {code: 'interrupted'});
	}

	return answer;
};

const toJson = ({orphan, backups}: OrphanDetails) => ({...orphanToJson(orphan), backups: backups.map(backup => backupToJson(backup))});

const describe = async ({orphan, backups}: OrphanDetails): Promise<string> => [
	formatFields([
		['Orphan', toScreen(orphan.name)],
		['UUID', orphan.uuid],
		['Last seen', showTime(orphan.lastSeenAt)],
		['Size', formatBytes(orphan.sizeBytes)],
		['Reclaimable', orphan.reclaimableBytes === null ? 'not measured' : formatBytes(orphan.reclaimableBytes)],
		['Encrypted', orphan.encrypted ? 'yes' : 'no'],
		['Locked', countOf(orphan.lockedCount, 'backup')],
		['Expires', orphan.expiresAt === null ? 'never' : showTime(orphan.expiresAt)],
	]),
	'',
	await formatTable(
		[{heading: 'BACKUP'}, {heading: 'CREATED'}, {heading: 'KIND'}, {heading: 'STATUS'}, {heading: 'SIZE', align: 'right'}, {heading: ''}],
		backups.map(({id, createdAt, kind, status, sizeBytes, locked}) => [id, showTime(createdAt), kind, status, formatBytes(sizeBytes), locked ? 'locked' : '']),
	),
].join('\n');
