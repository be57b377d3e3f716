import test from 'ava';
import {
	compareQueued,
	explainWaiting,
	takeNext,
	type Queue,
	type QueuedTask,
} from '../../source/domain/queue.ts';

const queued = (id: string, changes: Partial<QueuedTask> = {}): QueuedTask => ({
	id,
	kind: 'backup',
	account: id,
	accountUuid: `uuid-${id}`,
	queuedAt: '2026-11-03T02:30:00.000Z',
	priority: 50,
	...changes,
});

const restore = (id: string, changes: Partial<QueuedTask> = {}): QueuedTask => queued(id, {kind: 'restore', priority: 100_050, ...changes});
const ofAlice = {account: 'alice', accountUuid: 'uuid-alice'};

const queue = (changes: Partial<Queue>): Queue => ({
	waiting: [], running: [], ending: [], lanes: {backup: 1, restore: 1}, ...changes,
});

const takes = test.macro({
	exec(t, _story: string, changes: Partial<Queue>, expected: string | undefined) {
		t.is(takeNext(queue(changes))?.id, expected);
	},
	title: (_, story: string) => story,
});

test(takes, 'nothing waits', {}, undefined);
test(takes, 'the lower priority goes first', {waiting: [queued('a'), queued('b', {priority: 10}), queued('c', {priority: 90})]}, 'b');
test(takes, 'of equals, the one queued first', {waiting: [queued('a', {queuedAt: '2026-11-03T02:31:00.000Z'}), queued('b')]}, 'b');
test(takes, 'of those, the lower id', {waiting: [queued('b'), queued('a')]}, 'a');
test(takes, 'a busy lane takes nothing', {waiting: [queued('a')], running: [queued('b')]}, undefined);
test(takes, 'two lanes take two', {waiting: [queued('a')], running: [queued('b')], lanes: {backup: 2, restore: 1}}, 'a');
test(takes, 'lanes of restores are lanes of their own', {waiting: [restore('a')], running: [queued('b')]}, 'a');
test(takes, 'a download needs a restore lane', {waiting: [queued('a', {kind: 'download'})], running: [restore('b')]}, undefined);
test(takes, 'a restore is taken before a backup', {waiting: [queued('a'), restore('b')]}, 'b');
test(takes, 'a reseller comes back before a user', {waiting: [restore('a'), restore('b', {priority: 10_050})]}, 'b');
test(takes, 'a backup waits for the restore of its account, and the next one passes it', {
	waiting: [queued('a', ofAlice), queued('b')], running: [restore('c', ofAlice)],
}, 'b');
test(takes, 'one restore per account at a time', {
	waiting: [restore('a', ofAlice), restore('b')], running: [restore('c', ofAlice)], lanes: {backup: 1, restore: 2},
}, 'b');
test(takes, 'a restore waits for a running backup of its account', {waiting: [restore('a', ofAlice)], running: [queued('c', ofAlice)]}, undefined);
test(takes, 'a download reads beside a backup of its account', {
	waiting: [queued('a', {kind: 'download', ...ofAlice})], running: [queued('c', ofAlice)],
}, 'a');
test(takes, 'one backup per account at a time', {
	waiting: [queued('a', ofAlice)], running: [queued('c', ofAlice)], lanes: {backup: 2, restore: 1},
}, undefined);
test(takes, 'a task whose result is being saved has left its lane', {waiting: [queued('a')], ending: [queued('b')]}, 'a');
test(takes, 'but keeps its account', {waiting: [queued('a', ofAlice)], ending: [queued('b', ofAlice)]}, undefined);
test(takes, 'a cleanup runs when no backup does', {
	waiting: [queued('a', {kind: 'cleanup', accountUuid: null, account: null})], running: [queued('c')], lanes: {backup: 2, restore: 1},
}, undefined);
test(takes, 'a backup waits for a cleanup', {
	waiting: [queued('a')], running: [queued('c', {kind: 'cleanup', accountUuid: null, account: null})], lanes: {backup: 2, restore: 1},
}, undefined);

const cleanup = (changes: Partial<QueuedTask> = {}): QueuedTask => queued('x', {
	kind: 'cleanup', accountUuid: null, account: null, ...changes,
});

test(takes, 'a cleanup waits until what others did is saved, too', {waiting: [cleanup()], ending: [queued('c')]}, undefined);

const later = {queuedAt: '2026-11-03T02:31:00.000Z'};

test(takes, 'backups behind a waiting cleanup let it come', {waiting: [cleanup(), queued('a', later)], running: [queued('c')], lanes: {backup: 2, restore: 1}}, undefined);
test(takes, 'those before it go on', {waiting: [cleanup(later), queued('a')], running: [queued('c')], lanes: {backup: 2, restore: 1}}, 'a');
test(takes, 'so do those of a lower number', {waiting: [cleanup(), queued('a', {...later, priority: 10})], running: [queued('c')], lanes: {backup: 2, restore: 1}}, 'a');
test(takes, 'no restore waits for a cleanup that waits', {waiting: [cleanup(), restore('a', later)], running: [queued('c')]}, 'a');
test(takes, 'the cleanup comes as soon as nothing runs', {waiting: [cleanup(), queued('a', later), queued('b', later)], lanes: {backup: 2, restore: 1}}, 'x');

test('backups that never end coming do not keep a cleanup from its turn', t => {
	const minute = (number: number): string => new Date(Date.UTC(2026, 10, 3, 2, number)).toISOString();
	const lanes = {backup: 2, restore: 1};
	let waiting: readonly QueuedTask[] = [cleanup({queuedAt: minute(1)})];
	let running: readonly QueuedTask[] = [queued('a', {queuedAt: minute(0)}), queued('b', {queuedAt: minute(0)})];

	for (let number = 2; number < 10 && running.every(({kind}) => kind !== 'cleanup'); number++) {
		running = running.slice(1);
		waiting = [...waiting, queued(`b${number}`, {queuedAt: minute(number)})];

		for (let next = takeNext(queue({waiting, running, lanes})); next !== undefined; next = takeNext(queue({waiting, running, lanes}))) {
			const taken = next;
			running = [...running, taken];
			waiting = waiting.filter(task => task !== taken);
		}
	}

	t.deepEqual(running.map(({kind}) => kind), ['cleanup']);
});

test('waiting tasks say why', t => {
	const reasons = explainWaiting(queue({
		waiting: [queued('a', ofAlice), queued('b'), restore('d')],
		running: [restore('c', ofAlice), queued('e')],
		lanes: {backup: 1, restore: 2},
	}));

	t.deepEqual([...reasons], [
		['a', 'waits for the restore of alice'],
		['b', 'waits for a free lane (1 for backups)'],
		['d', null],
	]);
});

test('the order is total', t => {
	const tasks = [queued('c'), restore('a'), queued('b', {queuedAt: '2026-11-03T02:29:00.000Z'}), queued('a')];

	t.deepEqual(tasks.toSorted((left, right) => compareQueued(left, right)).map(({id, kind}) => `${id} ${kind}`), ['b backup', 'a backup', 'c backup', 'a restore']);
});

test('what waits for a key is passed over, and says so', t => {
	const waiting = queue({waiting: [restore('a', {isKeyMissing: true}), restore('b')]});
	t.is(takeNext(waiting)?.id, 'b');
	t.regex(explainWaiting(waiting).get('a')!, /^key needed/v);
});
