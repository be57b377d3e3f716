import type {BackupView} from '../../../domain/backup-view.ts';
import type {ItemName} from '../../../domain/item.ts';
import type {TickState} from '../../../domain/selection-tree.ts';
import {countOf, formatBytes} from '../../../domain/units.ts';
import {
	itemIn,
	sourceOf,
	tickStateOfItem,
	whyNotItem,
	type PartedItem,
	type TickedBackup,
} from '../../item-ticks.ts';
import {glyph} from '../../look/appearance.ts';
import {showName, showSentence} from '../../look/name.ts';
import {showTime} from '../../look/time.ts';

/** A row of an item: something of it that can be ticked, or where it comes from. */
export type ItemRow = {
	readonly id: string;
	readonly type: 'part' | 'home' | 'files' | 'source';
	readonly tick: TickState | undefined;
	readonly label: string;
	readonly remark: string;
	/** Why it cannot be chosen. */
	readonly whyNot: string | undefined;
	/** Raw; of a part. */
	readonly part?: string;
};

export type HomeFacts = {
	/** `2 files · 5.0 KB`. */
	readonly filesWords: string;
	readonly whyNotFiles: string | undefined;
};

/** The rows of one item. */
export const itemRows = (ticked: TickedBackup, name: ItemName, facts: HomeFacts): readonly ItemRow[] => {
	const source = sourceOf(ticked, name);

	return [
		...name === 'homedir' ? homeRows(ticked, source, facts) : partRows(ticked, source, name),
		sourceRow(ticked, name),
	];
};

const sourceRow = ({backup, ticks}: TickedBackup, name: ItemName): ItemRow => {
	const other = ticks.sources.get(name);

	return {
		id: 'source',
		type: 'source',
		tick: undefined,
		label: other === undefined ? 'from this backup' : 'from another backup',
		remark: showTime((other ?? backup).createdAt),
		whyNot: undefined,
	};
};

const homeRows = (ticked: TickedBackup, source: BackupView, {filesWords, whyNotFiles}: HomeFacts): readonly ItemRow[] => {
	const state = tickStateOfItem(ticked, 'homedir');
	const item = itemIn(source, 'homedir');
	const whyNot = whyNotItem(source, 'homedir');

	return [
		{
			id: 'home', type: 'home', tick: state === 'all' ? 'all' : 'none', label: 'The whole home', remark: item === undefined ? '' : `${countOf(item.fileCount, 'file')}, ${formatBytes(item.sizeBytes)}`, whyNot,
		},
		{
			id: 'files', type: 'files', tick: state === 'some' ? 'some' : 'none', label: 'Change files selection', remark: state === 'some' ? filesWords : 'some files and folders', whyNot: whyNot ?? whyNotFiles,
		},
	];
};

const partRows = (ticked: TickedBackup, source: BackupView, name: PartedItem): readonly ItemRow[] => {
	const chosen = ticked.ticks.parts.get(name);

	return (itemIn(source, name)?.parts ?? []).map((part): ItemRow => {
		const isHeld = part.status === 'complete' || part.status === 'partial';

		return {
			id: `part ${part.name}`,
			type: 'part',
			part: part.name,
			tick: isHeld && chosen?.has(part.name) ? 'all' : 'none',
			label: showName(part.name),
			remark: [part.kind ?? '', formatBytes(part.sizeBytes), part.status === 'complete' ? '' : part.status, part.error === null ? '' : showSentence(part.error)].filter(text => text !== '').join(` ${glyph('dot')} `),
			whyNot: isHeld ? undefined : part.status,
		};
	});
};
