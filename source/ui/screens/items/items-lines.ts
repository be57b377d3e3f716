import {itemNames, type ItemName} from '../../../domain/item.ts';
import type {TickState} from '../../../domain/selection-tree.ts';
import {marker} from '../../components/table.ts';
import {
	itemIn,
	sourceOf,
	tickStateOfItem,
	whyNotItem,
	type TickedBackup,
} from '../../item-ticks.ts';
import {firstShown, type Cursor} from '../../list/cursor.ts';
import {glyph} from '../../look/appearance.ts';
import {fit, fitLine, widthOf} from '../../look/fit.ts';
import {
	muted,
	plain,
	strong,
	toned,
	type Line,
	type Span,
} from '../../look/span.ts';
import {itemWords} from '../backups/backups-list.ts';
import type {ItemRow} from './items-rows.ts';

const tabsWidth = 24;
const labelWidth = 23;

/** The heading of an item and the line below it. */
export const aboveRows = 2;

export type ItemsLook = {
	readonly ticked: TickedBackup;
	readonly tab: ItemName;
	readonly rows: readonly ItemRow[];
	readonly cursor: Cursor;
	readonly width: number;
	readonly height: number;
};

/** The items on the left, what the focused one holds beside them. */
export const itemsLines = (look: ItemsLook): readonly Line[] => {
	const tabs = [[], [], ...itemNames.map(name => tabLine(look, name))];
	const rows = rowLines(look);

	return Array.from({length: look.height}, (_, index): Line => [
		...fitLine(tabs[index] ?? [], tabsWidth),
		muted(`${glyph('vertical')} `),
		...rows[index] ?? [],
	]);
};

const tickSpans: Readonly<Record<TickState, Span>> = {
	all: {text: '[x] ', tone: 'accent', isStrong: true},
	some: {text: '[-] ', tone: 'accent', isStrong: true},
	none: {text: '[ ] '},
};

const tabLine = ({ticked, tab}: ItemsLook, name: ItemName): Line => {
	const isFocused = name === tab;
	const isThere = whyNotItem(sourceOf(ticked, name), name) === undefined;
	const word: Span = {text: itemWords[name], isStrong: isFocused, isMuted: !isThere && !isFocused};

	return [{text: isFocused ? ` ${glyph('closed')} ` : ' '.repeat(3), tone: 'accent'}, isThere ? tickSpans[tickStateOfItem(ticked, name)] : plain(' '.repeat(4)), word];
};

const rowLines = ({ticked, tab, rows, cursor, width, height}: ItemsLook): readonly Line[] => {
	const source = sourceOf(ticked, tab);
	const shown = height - aboveRows;
	const first = firstShown(cursor, {rowCount: rows.length, height: shown});
	const room = width - tabsWidth - 2;

	return [
		[strong(itemWords[tab].toUpperCase()), muted(`  ${itemIn(source, tab)?.status ?? 'not in this backup'}`)],
		[],
		...rows.slice(first, first + shown).map((row, index) => rowLine(row, first + index === cursor.index, room)),
	];
};

const rowLine = ({tick, label, remark, whyNot}: ItemRow, isFocused: boolean, room: number): Line => {
	const cells = Math.min(Math.max(labelWidth, widthOf(label) + 2), room - 7);

	return [
		...marker({isFocused}),
		whyNot === undefined && tick !== undefined ? tickSpans[tick] : plain(' '.repeat(4)),
		{text: fit(label, cells), isStrong: isFocused, isMuted: whyNot !== undefined},
		whyNot === undefined ? muted(remark) : toned('warning', whyNot),
	];
};
