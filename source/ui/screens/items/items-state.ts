import {itemNames, type ItemName} from '../../../domain/item.ts';
import {
	arrayRows,
	moveCursor,
	startCursor,
	type Cursor,
	type Movement,
} from '../../list/cursor.ts';
import type {ItemRow} from './items-rows.ts';

/** Which item is looked at, and where in it. */
export type ItemsPlace = {readonly tab: ItemName; readonly cursor: Cursor};

export type ItemsPlaceEvent =
	| {readonly type: 'turned'; readonly by: 1 | -1}
	| {readonly type: 'moved'; readonly rows: readonly ItemRow[]; readonly movement: Movement; readonly height: number};

export const startPlace = (tab: ItemName): ItemsPlace => ({tab, cursor: startCursor});

export const reducePlace = ({tab, cursor}: ItemsPlace, event: ItemsPlaceEvent): ItemsPlace => {
	if (event.type === 'turned') {
		return startPlace(itemNames[(itemNames.indexOf(tab) + event.by + itemNames.length) % itemNames.length]!);
	}

	const {rows, movement, height} = event;

	return {tab, cursor: moveCursor(arrayRows(rows, ({id}) => id), cursor, {movement, height})};
};
