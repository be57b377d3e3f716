import {diffBackups, diffLive} from '../actions/diff-backups.ts';
import {changeKinds, type Change, type ChangeKind} from '../domain/change.ts';
import {toScreen, toText} from '../domain/raw-name.ts';
import {formatBytes, formatCount} from '../domain/units.ts';
import {backupArgument} from './backup-show.ts';
import {defineCommand} from './command.ts';
import {ownerKeyOptions, withOwnerKeys} from './owner-keys.ts';
import {jsonList, writeOut} from './write-out.ts';

export const backupDiff = defineCommand({
	arguments: [backupArgument, {name: 'ID2', meaning: 'a later backup, or "live": the home as it is now, which is the default', count: 'optional'}],
	options: ownerKeyOptions,
	json: '{"changes": […]}, each with path, change (added, removed, modified or metadata), type (null for live things the backup does not know), sizeBytes, previousSizeBytes (null where there is or was nothing)',
	details: [
		'"modified" is another content, told by its digest, or another target or type; "metadata" is owner, mode, time or attributes alone. A folder that is only live stands for all that is in it.',
		'Against the live home every file is read whose inode and change time are not those of the backup.',
	],
	examples: ['holdfast backup diff latest:alice', 'holdfast backup diff 3f2a91 latest:alice', 'holdfast backup diff 3f2a91 live --json'],
	needs: 'setup',
	async run(invocation) {
		const {values, output, interruption} = invocation;
		const [from, to = 'live'] = values;
		const context = await withOwnerKeys(invocation, {type: 'backups', backups: to === 'live' ? [from] : [from, to]});
		const changes = to === 'live' ? fromList(diffLive(context, from, interruption())) : diffBackups(context, {from, to});
		await writeOut(output.isJson ? jsonList('changes', toDocuments(changes)) : toLines(changes));
	},
});

const fromList = async function * (changes: Promise<readonly Change[]>): AsyncGenerator<Change> {
	yield * await changes;
};

const toDocuments = async function * (changes: AsyncIterable<Change>): AsyncGenerator<object> {
	for await (const change of changes) {
		yield {...change, path: toText(change.path)};
	}
};

const signs: Readonly<Record<ChangeKind, string>> = {
	added: '+', removed: '-', modified: 'M', metadata: 'm',
};

const toLines = async function * (changes: AsyncIterable<Change>): AsyncGenerator<string> {
	const counts = new Map<ChangeKind, number>();

	for await (const change of changes) {
		counts.set(change.change, (counts.get(change.change) ?? 0) + 1);
		yield `${signs[change.change]} ${describeSizes(change).padStart(19)}  ${change.path === '' ? './' : toScreen(change.path)}${change.type === 'directory' && change.path !== '' ? '/' : ''}\n`;
	}

	yield counts.size === 0 ? 'Nothing changed.\n' : `\n${changeKinds.flatMap(kind => counts.has(kind) ? [`${formatCount(counts.get(kind)!)} ${kind}`] : []).join(', ')}.\n`;
};

const describeSizes = ({sizeBytes, previousSizeBytes, change}: Change): string => {
	const sizes = [previousSizeBytes, sizeBytes].filter(size => size !== null).map(size => formatBytes(size));

	return change === 'metadata' ? sizes[0] ?? '' : sizes.join(' → ');
};
