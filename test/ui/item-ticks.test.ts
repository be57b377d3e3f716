import test from 'ava';
import type {BackupView} from '../../source/domain/backup-view.ts';
import type {ItemName, ItemStatus, PartResult} from '../../source/domain/item.ts';
import {nothingTicked, toggleTicked} from '../../source/domain/selection-tree.ts';
import {
	nothingChosen,
	reduceItemTicks,
	tickStateOfItem,
	toHomeSelection,
	toItemChoices,
	whyNotItem,
	type ItemTicksEvent,
	type TickedBackup,
} from '../../source/ui/item-ticks.ts';

const part = (name: string, status: ItemStatus = 'complete'): PartResult => ({
	name, status, sizeBytes: 1, error: null,
});

const item = (name: ItemName, ...parts: readonly PartResult[]): BackupView['items'][number] => ({
	name, status: name !== 'homedir' && parts.length === 0 ? 'absent' : 'complete', parts, sizeBytes: 1, fileCount: 1, error: null,
});

const backupOf = (id: string, ...items: BackupView['items']): BackupView => ({
	id, accountUuid: '1', account: 'alice', createdAt: '2026-01-01T00:00:00.000Z', kind: 'manual', status: 'complete', structure: 'incremental', job: null,
	schedules: [], locked: false, lockedUntil: null, encrypted: false, keyKind: null, destination: 'd', sizeBytes: 1, storedBytes: 1, fileCount: 1, items,
});

const newest = backupOf('new', item('homedir'), item('databases', part('shop'), part('blog'), part('broken', 'failed')), item('cron', part('cron')), item('ftp'));
const older = backupOf('old', item('homedir'), item('databases', part('shop')));

const ticked = (...events: readonly ItemTicksEvent[]): TickedBackup => {
	let ticks = nothingChosen;

	for (const event of events) {
		ticks = reduceItemTicks(ticks, event);
	}

	return {backup: newest, ticks, files: nothingTicked};
};

const tick = (name: Exclude<ItemName, 'homedir'>, ...parts: readonly string[]): ItemTicksEvent => ({
	type: 'partsTicked', item: name, parts, isTicked: true,
});

const fromOlder: ItemTicksEvent = {type: 'sourceChosen', item: 'databases', source: older};

const table: ReadonlyArray<readonly [string, TickedBackup, ReturnType<typeof toItemChoices>]> = [
	['nothing at first', ticked(), []],
	['one part of several', ticked(tick('databases', 'blog')), [{name: 'databases', parts: ['blog'], backup: null}]],
	['all that can come back is the item as a whole', ticked(tick('databases', 'blog', 'shop')), [{name: 'databases', parts: null, backup: null}]],
	['what was ticked and is not any more', ticked(tick('cron', 'cron'), {
		type: 'partsTicked', item: 'cron', parts: ['cron'], isTicked: false,
	}), []],
	['in the order of a restore', ticked(tick('cron', 'cron'), {type: 'homeChosen', home: 'whole'}), [{name: 'homedir', parts: null, backup: null}, {name: 'cron', parts: null, backup: null}]],
	['from another backup', ticked(tick('databases', 'shop'), fromOlder), [{name: 'databases', parts: null, backup: 'old'}]],
	['parts that the other backup does not have are left out', ticked(tick('databases', 'blog'), fromOlder), []],
	['from this backup again', ticked(tick('databases', 'blog'), fromOlder, {type: 'sourceChosen', item: 'databases', source: undefined}), [{name: 'databases', parts: ['blog'], backup: null}]],
	['a failed part is never asked for', ticked(tick('databases', 'broken')), []],
	['files without any that is ticked are none', ticked({type: 'homeChosen', home: 'files'}), []],
];

for (const [title, state, expected] of table) {
	test(`item ticks: ${title}`, t => {
		t.deepEqual(toItemChoices(state), expected);
	});
}

test('item ticks: chosen files are some of the home, and the selection is theirs', t => {
	const state = {...ticked({type: 'homeChosen', home: 'files'}), files: toggleTicked(nothingTicked, 'notes.txt')};

	t.is(tickStateOfItem(state, 'homedir'), 'some');
	t.deepEqual(toHomeSelection(state).rules, [{path: 'notes.txt', isIncluded: true}]);
	t.deepEqual(toHomeSelection({...state, ticks: {...state.ticks, home: 'whole'}}).rules, [{path: '', isIncluded: true}]);
});

test('item ticks: why nothing of an item can come back', t => {
	t.deepEqual([whyNotItem(newest, 'homedir'), whyNotItem(newest, 'cron'), whyNotItem(newest, 'ftp'), whyNotItem(newest, 'emails')], [undefined, undefined, 'absent', 'not in this backup']);
});
