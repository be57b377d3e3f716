import test from 'ava';
import {defaultPriorityGroups, type PriorityGroup} from '../../source/domain/priority-group.ts';
import {effectivePriority, type PrioritySubject} from '../../source/domain/priority.ts';
import {takeNext, type QueuedTask} from '../../source/domain/queue.ts';
import type {TaskKind} from '../../source/domain/task.ts';

const shops: PriorityGroup = {
	name: 'Shops', backup: 20, restore: 5, download: 70, tags: ['shop'], isDefault: false,
};
const vips: PriorityGroup = {
	name: 'Vips', backup: 30, restore: 2, download: 60, tags: ['vip'], isDefault: false,
};
const groups = [...defaultPriorityGroups, shops, vips];

const account = (changes: Partial<PrioritySubject> = {}): PrioritySubject => ({
	priorityGroup: null, tags: [], type: 'user', ...changes,
});

/** `high` and the like: what is particular about each account. */
const accounts: Readonly<Record<string, PrioritySubject>> = {
	plain: account(),
	high: account({priorityGroup: 'High'}),
	low: account({priorityGroup: 'Low'}),
	shop: account({tags: ['shop']}),
	shopAndVip: account({tags: ['shop', 'vip']}),
	shopPutIntoLow: account({tags: ['shop'], priorityGroup: 'Low'}),
	untold: account({tags: ['of no group']}),
	reseller: account({type: 'reseller'}),
	resellerInLow: account({type: 'reseller', priorityGroup: 'Low'}),
	administrator: account({type: 'administrator'}),
	administratorInLow: account({type: 'administrator', priorityGroup: 'Low'}),
};

/** Queued in this order, a second apart. */
const queueOf = (kind: TaskKind, names: readonly string[], subjects = accounts): readonly QueuedTask[] => names.map((name, index) => ({
	id: String(index).padStart(16, '0'),
	kind,
	account: name,
	accountUuid: name,
	queuedAt: new Date(Date.UTC(2026, 10, 3, 2, 30, index)).toISOString(),
	priority: effectivePriority({kind, account: subjects[name]!, groups}),
}));

/** The accounts in the order in which one free lane after the other takes their tasks. */
const orderOf = (tasks: readonly QueuedTask[]): readonly string[] => {
	const [waiting, taken] = [[...tasks], [] as string[]];

	for (;;) {
		const next = takeNext({
			waiting, running: [], ending: [], lanes: {backup: 1, restore: 1},
		});

		if (next === undefined) {
			return taken;
		}

		taken.push(next.account!);
		waiting.splice(waiting.indexOf(next), 1);
	}
};

const cases: ReadonlyArray<readonly [string, TaskKind, readonly string[], ReadonlyArray<readonly [string, number]>]> = [
	['backups: by the group alone, whatever the account is', 'backup', ['low', 'reseller', 'plain', 'administrator', 'high'], [['high', 10], ['reseller', 50], ['plain', 50], ['administrator', 50], ['low', 90]]],
	['backups: the lowest group of the tags, before the default', 'backup', ['plain', 'shopAndVip', 'untold', 'shop'], [['shopAndVip', 20], ['shop', 20], ['plain', 50], ['untold', 50]]],
	['backups: an override holds whatever the tags say', 'backup', ['shopPutIntoLow', 'plain', 'shop'], [['shop', 20], ['plain', 50], ['shopPutIntoLow', 90]]],
	['restores: a plain user in Normal is at 100050', 'restore', ['plain'], [['plain', 100_050]]],
	['restores: parents before their children, whatever their group', 'restore', ['high', 'plain', 'resellerInLow', 'reseller', 'administratorInLow', 'administrator'], [['administrator', 1050], ['administratorInLow', 1090], ['reseller', 10_050], ['resellerInLow', 10_090], ['high', 100_010], ['plain', 100_050]]],
	['restores: the number of the tags for this kind of task', 'restore', ['plain', 'shop', 'shopAndVip', 'shopPutIntoLow'], [['shopAndVip', 100_002], ['shop', 100_005], ['plain', 100_050], ['shopPutIntoLow', 100_090]]],
	['rollbacks are restores', 'rollback', ['plain', 'reseller'], [['reseller', 10_050], ['plain', 100_050]]],
	['downloads: by the group alone, with its own number', 'download', ['shop', 'shopAndVip', 'administrator', 'high'], [['high', 10], ['administrator', 50], ['shopAndVip', 60], ['shop', 70]]],
	['of equals, the one queued first', 'backup', ['plain', 'untold', 'reseller'], [['plain', 50], ['untold', 50], ['reseller', 50]]],
];

for (const [title, kind, names, expected] of cases) {
	test(`order of the queue: ${title}`, t => {
		const tasks = queueOf(kind, names);
		const priorities = new Map(tasks.map(task => [task.account!, task.priority]));

		t.deepEqual(orderOf(tasks).map(name => [name, priorities.get(name)]), expected);
	});
}

test('order of the queue: a changed override moves work that waits', t => {
	const names = ['plain', 'shop'];
	const before = queueOf('backup', names);
	const after = queueOf('backup', names, {...accounts, plain: account({priorityGroup: 'High'})});

	t.deepEqual([orderOf(before), orderOf(after)], [['shop', 'plain'], ['plain', 'shop']]);
});
