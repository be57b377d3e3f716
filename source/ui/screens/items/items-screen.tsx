import {useLayoutEffect, useReducer} from 'react';
import type {BackupView} from '../../../domain/backup-view.ts';
import {itemNames, type ItemName} from '../../../domain/item.ts';
import {countBasket, emptyBasket} from '../../basket.ts';
import {Lines} from '../../components/lines.tsx';
import {Screen} from '../../components/screen.tsx';
import {useBodySize} from '../../components/size.ts';
import {useInterface} from '../../interface.ts';
import {
	nothingChosen,
	partsHeld,
	reduceItemTicks,
	sourceOf,
	tickStateOfItem,
	toHomeSelection,
	toItemChoices,
	whyNotItem,
	type ItemTicksEvent,
	type TickedBackup,
} from '../../item-ticks.ts';
import type {Handler} from '../../keys/focus-stack.ts';
import {useKeys} from '../../keys/use-keys.ts';
import {arrayRows, focusedRow} from '../../list/cursor.ts';
import {movingHandlers} from '../../list/use-list.ts';
import {muted, strong} from '../../look/span.ts';
import {showTime} from '../../look/time.ts';
import {useSession} from '../../session.ts';
import {useRememberedReducer} from '../../use-remembered-reducer.ts';
import {basketWords} from '../files/tree-columns.ts';
import {usePack} from '../downloads/use-pack.ts';
import {itemsWords, whyNotFiles} from './chosen-items.ts';
import {aboveRows, itemsLines} from './items-lines.ts';
import {itemRows, type ItemRow} from './items-rows.ts';
import {reducePlace, startPlace} from './items-state.ts';

/** Chooses what of each item is to come back, and from which date: an item at a time, its parts beside it. */
export function ItemsScreen({backup}: {readonly backup: BackupView}) {
	const {enter, leave} = useInterface();
	const {width, height} = useBodySize();
	const pack = usePack();
	const {ticked, change, filesWords} = useTicks(backup);
	const [{tab, cursor}, move] = useRememberedReducer('place', reducePlace, () => startPlace(firstThere(backup)));
	const source = sourceOf(ticked, tab);
	const rows = itemRows(ticked, tab, {filesWords, whyNotFiles: whyNotFiles(source)});
	const focused = focusedRow(arrayRows(rows, ({id}) => id), cursor)!;
	const choices = toItemChoices(ticked);

	const takeOther = () => {
		enter({screen: 'other backup', backup, item: tab});
	};

	const step = (rowCount: number) => {
		move({
			type: 'moved', rows, movement: {type: 'by', rows: rowCount}, height: height - aboveRows,
		});
	};

	const tick = tickHandler(ticked, {row: focused, tab, change});

	const keys = useKeys('items', {
		...movingHandlers(movement => {
			move({
				type: 'moved', rows, movement, height: height - aboveRows,
			});
		}),
		out: leave,
		change: changeHandler(focused, {
			tick, takeOther, chooseFiles() {
				change({type: 'homeChosen', home: 'files'});
				enter({screen: 'files', backup: source, isForItems: true});
			},
		}),
		tick: typeof tick === 'string'
			? tick
			: () => {
				tick(1);
				step(1);
			},
		...tickAllHandlers(source, tab, change),
		next() {
			move({type: 'turned', by: 1});
		},
		previous() {
			move({type: 'turned', by: -1});
		},
		source: takeOther,
		pack: choices.length === 0 ? 'Nothing is ticked yet: Space ticks the row.' : pack({backup, items: choices, selection: toHomeSelection(ticked)}),
		restore: choices.length === 0
			? 'Nothing is ticked yet: Space ticks the row, Tab goes to the next item.'
			: () => {
				enter({screen: 'options', backup, chosen: {items: choices, selection: toHomeSelection(ticked), words: itemsWords(ticked)}});
			},
	});

	return (
		<Screen info={[muted(` backup of ${showTime(backup.createdAt)}: `), choices.length === 0 ? muted('nothing is ticked yet') : strong(itemsWords(ticked))]} keys={keys}>
			<Lines
				height={height}
				lines={itemsLines({
					ticked, tab, rows, cursor: {...cursor, index: rows.indexOf(focused)}, width, height,
				})}
				width={width}
			/>
		</Screen>
	);
}

type Change = (event: ItemTicksEvent) => void;

/** What is ticked, kept for as long as the terminal is open. */
const useTicks = (backup: BackupView): {readonly ticked: TickedBackup; readonly change: Change; readonly filesWords: string} => {
	const {itemTicks, baskets, totals} = useSession();
	const [ticks, change] = useReducer(reduceItemTicks, undefined, () => itemTicks.get(backup.id) ?? nothingChosen);

	useLayoutEffect(() => {
		itemTicks.set(backup.id, ticks);
	}, [itemTicks, backup, ticks]);

	const home = sourceOf({backup, ticks}, 'homedir');
	const basket = baskets.get(home.id) ?? emptyBasket;

	return {ticked: {backup, ticks, files: basket.tree}, change, filesWords: basketWords(countBasket(basket, totals.get(home.id)))};
};

const firstThere = (backup: BackupView): ItemName => itemNames.find(name => whyNotItem(backup, name) === undefined) ?? 'config';

type TickTarget = {readonly row: ItemRow; readonly tab: ItemName; readonly change: Change};

const tickHandler = (ticked: TickedBackup, {row, tab, change}: TickTarget): Handler => {
	if (row.type === 'source' || row.type === 'files') {
		return row.whyNot ?? (row.type === 'source' ? 'This row is where the item comes from; Enter takes another backup.' : 'Enter opens the tree of files to tick.');
	}

	if (row.whyNot !== undefined) {
		return `Nothing of it can come back: ${row.whyNot}.`;
	}

	return () => {
		if (tab === 'homedir') {
			change({type: 'homeChosen', home: tickStateOfItem(ticked, tab) === 'all' ? 'none' : 'whole'});
		} else {
			change({
				type: 'partsTicked', item: tab, parts: [row.part!], isTicked: row.tick !== 'all',
			});
		}
	};
};

type Ways = {readonly tick: Handler; readonly takeOther: () => void; readonly chooseFiles: () => void};

const changeHandler = ({type, whyNot}: ItemRow, {tick, takeOther, chooseFiles}: Ways): Handler => {
	if (type === 'source') {
		return takeOther;
	}

	return type === 'files' ? whyNot ?? chooseFiles : tick;
};

const tickAllHandlers = (source: BackupView, tab: ItemName, change: Change): {readonly tickAll: Handler; readonly tickNone: Handler} => {
	const setAll = (isTicked: boolean): Handler => whyNotItem(source, tab) ?? (() => {
		change(tab === 'homedir'
			? {type: 'homeChosen', home: isTicked ? 'whole' : 'none'}
			: {
				type: 'partsTicked', item: tab, parts: partsHeld(source, tab).map(({name}) => name), isTicked,
			});
	});

	return {tickAll: setAll(true), tickNone: setAll(false)};
};
