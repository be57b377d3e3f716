import test from 'ava';
import {defaultPriorityGroups, type PriorityGroup} from '../../source/domain/priority-group.ts';
import {effectivePriority, type PrioritySubject} from '../../source/domain/priority.ts';
import type {TaskKind} from '../../source/domain/task.ts';

const plain: PrioritySubject = {priorityGroup: null, tags: [], type: 'user'};
const shops: PriorityGroup = {
	name: 'Shops', backup: 20, restore: 5, download: 70, tags: ['shop'], isDefault: false,
};
const vips: PriorityGroup = {
	name: 'Vips', backup: 30, restore: 2, download: 60, tags: ['vip'], isDefault: false,
};
const groups = [...defaultPriorityGroups, shops, vips];

const prioritizes = test.macro({
	exec(t, kind: TaskKind, account: Partial<PrioritySubject> | null, expected: number) {
		t.is(effectivePriority({kind, account: account === null ? null : {...plain, ...account}, groups}), expected);
	},
	title: (_, kind: TaskKind, account: Partial<PrioritySubject> | null, expected: number) => `${kind} of ${JSON.stringify(account)} has ${expected}`,
});

test(prioritizes, 'backup', {}, 50);
test(prioritizes, 'restore', {}, 100_050);
test(prioritizes, 'rollback', {}, 100_050);
test(prioritizes, 'download', {}, 50);
test(prioritizes, 'verify', {}, 50);
test(prioritizes, 'restore', {type: 'administrator'}, 1050);
test(prioritizes, 'restore', {type: 'reseller'}, 10_050);
test(prioritizes, 'backup', {type: 'reseller'}, 50);
test(prioritizes, 'backup', {priorityGroup: 'High'}, 10);
test(prioritizes, 'restore', {priorityGroup: 'Low', type: 'reseller'}, 10_090);
test(prioritizes, 'backup', {tags: ['shop', 'vip']}, 20);
test(prioritizes, 'restore', {tags: ['shop', 'vip']}, 100_002);
test(prioritizes, 'download', {tags: ['shop', 'vip']}, 60);
test(prioritizes, 'backup', {tags: ['shop'], priorityGroup: 'Low'}, 90);
test(prioritizes, 'backup', {tags: ['unknown'], priorityGroup: 'Gone'}, 50);
test(prioritizes, 'cleanup', null, 50);
test(prioritizes, 'restore', null, 50);

test('another default group takes those without one', t => {
	const moved = groups.map(group => ({...group, isDefault: group.name === 'Low'}));

	t.is(effectivePriority({kind: 'backup', account: plain, groups: moved}), 90);
});
