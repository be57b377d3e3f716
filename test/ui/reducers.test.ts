import test from 'ava';
import {everything, type RestorePreview} from '../../source/domain/restore.ts';
import type {TaskView} from '../../source/domain/task-view.ts';
import {reduceNavigation, startNavigation, type NavigationEvent} from '../../source/ui/navigation.ts';
import {
	findEntries,
	reducePalette,
	startPalette,
	type PaletteEntry,
} from '../../source/ui/overlays/palette.tsx';
import {reduceOverlays, startOverlays, type Dialog} from '../../source/ui/overlays/overlay-state.ts';
import {
	reduceOptions,
	requiresName,
	startOptions,
	toRequest,
	type RestoreManner,
} from '../../source/ui/screens/options/options-state.ts';
import {mergeTasks} from '../../source/ui/screens/queue/queue-list.ts';
import {scrollTo} from '../../source/ui/components/scroll.ts';
import {addSample, estimateSpeed, type Sample} from '../../source/ui/tasks/speed.ts';
import {
	reduceTaskFeed,
	runningTasks,
	startTaskFeed,
	whyNotAbort,
	whyNotAgain,
} from '../../source/ui/tasks/task-feed.tsx';
import {progressWords} from '../../source/ui/tasks/task-words.ts';

const account = {screen: 'account', account: {uuid: '1', name: 'alice'}} as const;

const ways: ReadonlyArray<readonly [string, readonly NavigationEvent[], string]> = [
	['home at first', [], 'home'],
	['in', [{type: 'entered', route: {screen: 'accounts'}}, {type: 'entered', route: account}], 'home accounts account'],
	['out, one level', [{type: 'entered', route: {screen: 'accounts'}}, {type: 'entered', route: account}, {type: 'left'}], 'home accounts'],
	['home is never left', [{type: 'left'}, {type: 'left'}], 'home'],
	['in place of the screen', [{type: 'entered', route: {screen: 'accounts'}}, {type: 'replaced', route: {screen: 'queue'}}], 'home queue'],
	['from anywhere', [{type: 'entered', route: {screen: 'accounts'}}, {type: 'entered', route: account}, {type: 'jumped', route: {screen: 'orphans'}}], 'home orphans'],
	['home from anywhere', [{type: 'entered', route: account}, {type: 'jumped', route: {screen: 'home'}}], 'home'],
];

for (const [title, events, expected] of ways) {
	test(`navigation: ${title}`, t => {
		let state = startNavigation();

		for (const event of events) {
			state = reduceNavigation(state, event);
		}

		t.is(state.opened.map(({route}) => route.screen).join(' '), expected);
		t.is(new Set(state.opened.map(({key}) => key)).size, state.opened.length);
	});
}

test('navigation: a screen keeps its memory while others are over it', t => {
	const accounts = reduceNavigation(startNavigation(), {type: 'entered', route: {screen: 'accounts'}});
	accounts.opened.at(-1)!.memory.set('filter', 'shop');
	const back = reduceNavigation(reduceNavigation(accounts, {type: 'entered', route: account}), {type: 'left'});

	t.is(back.opened.at(-1)!.memory.get('filter'), 'shop');
});

const entries: readonly PaletteEntry[] = ['accounts', 'orphans', 'sort', 'forum'].map(title => ({
	id: title, title, remark: title === 'sort' ? 'key o' : 'account', run: () => undefined,
}));

test('palette: names that begin with what was typed come first', t => {
	t.deepEqual(findEntries(entries, 'or').map(({title}) => title), ['orphans', 'sort', 'forum']);
	t.deepEqual(findEntries(entries, 'orphan').map(({title}) => title), ['orphans']);
	t.deepEqual(findEntries(entries, 'zzz'), []);
	t.is(findEntries(entries, '').length, 4);
});

test('palette: typing starts at the first match', t => {
	const moved = reducePalette(startPalette, {
		type: 'moved', movement: {type: 'by', rows: 2}, entries, height: 5,
	});
	t.is(moved.cursor.index, 2);
	t.is(reducePalette(moved, {type: 'typed', text: 'a'}).cursor.index, 0);
});

test('dialogs are answered in the order in which they came', t => {
	const message = (title: string): Dialog => ({type: 'message', message: {title, lines: []}});
	let state = reduceOverlays(startOverlays, {type: 'asked', dialog: message('one')});
	state = reduceOverlays(state, {type: 'asked', dialog: message('two')});
	t.deepEqual(reduceOverlays(state, {type: 'answered'}).dialogs, [message('two')]);
});

const none = {count: 0, bytes: 0};
const preview = (changes: Partial<RestorePreview>): RestorePreview => ({
	create: none, overwrite: none, keep: none, liveOnly: none, delete: none, denied: none, steps: [], stepsTotal: 0, spaceNeededBytes: 0, ...changes,
});
const folder = reduceOptions(startOptions, {type: 'targetChanged', target: {type: 'folder', path: '/srv/x'}});

const names: ReadonlyArray<readonly [string, Partial<RestorePreview>, typeof startOptions, boolean]> = [
	['nothing live is touched', {create: {count: 5, bytes: 5}}, startOptions, false],
	['live files are overwritten', {overwrite: {count: 1, bytes: 0}}, startOptions, true],
	['live files are removed', {delete: {count: 1, bytes: 0}}, startOptions, true],
	['into a folder', {overwrite: {count: 1, bytes: 0}}, folder, false],
];

for (const [title, changes, options, expected] of names) {
	test(`restore: the account's name must ${expected ? '' : 'not '}be typed: ${title}`, t => {
		t.is(requiresName(preview(changes), options), expected);
	});
}

const toggled = (options: typeof startOptions, ...manners: readonly RestoreManner[]) => {
	let changed = options;

	for (const manner of manners) {
		changed = reduceOptions(changed, {type: 'toggled', manner});
	}

	return changed;
};

test('restore: options are changed one by one', t => {
	t.deepEqual(toggled(folder, 'isMerge'), {...folder, isMerge: true});
	t.deepEqual(toggled(folder, 'isMerge', 'isMerge'), folder);
});

test('restore: what keeps live data and what removes it exclude each other, and a folder touches no account', t => {
	t.deepEqual(toggled(startOptions, 'isMirror', 'isTerminating', 'isMerge'), {...startOptions, isMerge: true});
	t.deepEqual(toggled(startOptions, 'isMerge', 'isTerminating'), {...startOptions, isTerminating: true});
	t.deepEqual(toggled(startOptions, 'isMerge', 'isSuspending'), {...startOptions, isMerge: true, isSuspending: true});
	t.deepEqual(reduceOptions(toggled(startOptions, 'isMirror', 'isTerminating', 'isSuspending'), {type: 'targetChanged', target: folder.target}), folder);
});

test('restore: terminating always takes the account\'s name, and the request says no more than was chosen', t => {
	const chosen = {items: [], selection: everything, words: ''};
	const terminating = toRequest('0123456789abcdef', chosen, toggled(startOptions, 'isTerminating'));

	t.true(requiresName(preview({}), terminating));
	t.deepEqual(Object.keys(toRequest('0123456789abcdef', chosen, startOptions)), ['backup', 'items', 'selection', 'target', 'isMerge']);
});

const task = (id: string, changes: Partial<TaskView> = {}): TaskView => ({
	id, kind: 'backup', account: 'alice', accountUuid: '1', state: 'pending', priority: 50, queuedAt: '2026-01-01T00:00:00.000Z', startedAt: null,
	endedAt: null, requestedBy: 'root', request: {
		kind: 'backup', backupKind: 'onDemand', job: null, schedules: [], items: ['homedir'],
	}, items: [], backup: null, download: null, safetyBackup: null, summary: null, findings: [], error: null, waitReason: null, progress: {
		bytesDone: 0, bytesTotal: null, filesDone: 0, filesTotal: null, currentPath: null,
	}, ...changes,
});

test('task feed: what lists show is read again when a task changes its state, not at every progress', t => {
	const at = (feed: typeof startTaskFeed, ...tasks: readonly TaskView[]) => reduceTaskFeed(feed, {type: 'changed', tasks, at: 0});
	const first = at(startTaskFeed, task('a', {state: 'running'}));
	const moved = at(first, task('a', {state: 'running', progress: {...task('a').progress, bytesDone: 9}}));
	const ended = at(moved, task('a', {state: 'completed'}));

	t.deepEqual([first.revision, moved.revision, ended.revision], [0, 0, 1]);
	t.is(reduceTaskFeed(ended, {type: 'reloaded'}).revision, 2);
	t.deepEqual([runningTasks(moved).length, runningTasks(ended).length], [1, 0]);
});

test('queue: live tasks first, then all ended ones, the newest first, each once', t => {
	const ended = (id: string, day: number) => task(id, {state: 'completed', endedAt: `2026-01-0${day}T00:00:00.000Z`});
	const merged = mergeTasks([task('run', {state: 'running'}), task('wait'), ended('new', 3)], [task('run'), ended('old', 1), ended('new', 3), ended('middle', 2)]);

	t.deepEqual(merged?.map(({id}) => id), ['run', 'wait', 'new', 'middle', 'old']);
	t.is(mergeTasks([], undefined), undefined);
});

test('tasks: why they cannot be aborted or run again', t => {
	t.is(whyNotAbort(task('a', {state: 'running'})), undefined);
	t.is(whyNotAbort(task('a', {state: 'failed'})), 'It has already ended: failed.');
	t.is(whyNotAgain(task('a', {state: 'failed'})), undefined);
	t.is(whyNotAgain(task('a', {state: 'completed'})), 'It is complete; there is nothing to do again.');
	t.is(whyNotAgain(task('a')), 'It has not ended yet.');
	const waiting = task('a', {keysNeeded: ['f'.repeat(40)]});
	t.is(whyNotAgain(waiting), undefined, 'what waits for a key is given it');
});

const sample = (seconds: number, bytes: number): Sample => ({at: seconds * 1000, bytes});

test('speed: that of the last seconds, and the time left by it', t => {
	let samples: readonly Sample[] = [];

	for (let second = 0; second <= 30; second++) {
		samples = addSample(samples, sample(second, second < 20 ? second * 1000 : 20_000 + ((second - 20) * 50)));
	}

	t.deepEqual(estimateSpeed(samples, {bytesDone: 20_500, bytesTotal: 21_000}), {bytesPerSecond: 50, secondsLeft: 10});
});

test('speed: unknown at first, no time left without a total or when nothing moves', t => {
	t.is(estimateSpeed([], {bytesDone: 0, bytesTotal: 1}), undefined);
	t.is(estimateSpeed([sample(0, 0), sample(0.5, 9)], {bytesDone: 9, bytesTotal: 99}), undefined);
	t.is(estimateSpeed([sample(0, 0), sample(2, 9)], {bytesDone: 9, bytesTotal: null})?.secondsLeft, undefined);
	t.is(estimateSpeed([sample(0, 9), sample(2, 9)], {bytesDone: 9, bytesTotal: 99})?.secondsLeft, undefined);
	t.deepEqual(addSample([sample(0, 100)], sample(1, 0)), [sample(1, 0)]);
});

test('progress in words: totals first, what is not known left out', t => {
	const progress = {
		bytesDone: 1.2e9, bytesTotal: 2.4e9, filesDone: 1200, filesTotal: 3000, currentPath: null,
	};
	t.is(progressWords(progress, {bytesPerSecond: 34e6, secondsLeft: 35}), '1.2 GB of 2.4 GB · 1,200 of 3,000 files · 34 MB/s · 35 s left');
	t.is(progressWords({...progress, bytesTotal: null, filesTotal: null}, undefined), '1.2 GB · 1,200 files');
});

test('scrolling a text stays inside it', t => {
	const size = {lineCount: 50, height: 10};
	t.is(scrollTo(0, {type: 'by', rows: -1}, size), 0);
	t.is(scrollTo(39, {type: 'by', rows: 5}, size), 40);
	t.is(scrollTo(0, {type: 'pages', pages: 1}, size), 9);
	t.is(scrollTo(7, {type: 'last'}, size), 40);
	t.is(scrollTo(7, {type: 'first'}, size), 0);
	t.is(scrollTo(3, {type: 'by', rows: 1}, {lineCount: 5, height: 10}), 0);
});
