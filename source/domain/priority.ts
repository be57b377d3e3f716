import type {AccountType} from './account.ts';
import {defaultPriorityGroups, type PriorityGroup} from './priority-group.ts';
import type {TaskKind} from './task.ts';

/** What the priority of an account's tasks follows from. */
export type PrioritySubject = {
	/** Name of the group the account was put into, or `null`. */
	readonly priorityGroup: string | null;
	readonly tags: readonly string[];
	readonly type: AccountType;
};

type PriorityQuestion = {
	readonly kind: TaskKind;
	/** `null` for work that belongs to no account. */
	readonly account: PrioritySubject | null;
	readonly groups: readonly PriorityGroup[];
};

/** Added for restores, so that parents come back before their children. */
const accountTypeNumbers: Readonly<Record<AccountType, number>> = {administrator: 1000, reseller: 10_000, user: 100_000};

const groupNumbers: Readonly<Record<TaskKind, 'backup' | 'restore' | 'download'>> = {
	backup: 'backup',
	cleanup: 'backup',
	restore: 'restore',
	rollback: 'restore',
	verify: 'restore',
	assign: 'restore',
	download: 'download',
};

/** The number a waiting task is ordered by: that of its account's group, and for restores that of the account's type added. */
export const effectivePriority = ({kind, account, groups}: PriorityQuestion): number => {
	const number = groupPriority({kind, account, groups});
	const isRestore = kind === 'restore' || kind === 'rollback';

	return isRestore && account !== null ? number + accountTypeNumbers[account.type] : number;
};

const groupPriority = ({kind, account, groups}: PriorityQuestion): number => {
	const column = groupNumbers[kind];
	const override = groups.find(({name}) => name === account?.priorityGroup);

	if (override !== undefined) {
		return override[column];
	}

	const tagged = groups.filter(group => group.tags.some(tag => account?.tags.includes(tag)));

	return tagged.length > 0 ? Math.min(...tagged.map(group => group[column])) : defaultGroup(groups)[column];
};

const defaultGroup = (groups: readonly PriorityGroup[]): PriorityGroup => groups.find(({isDefault}) => isDefault) ?? defaultPriorityGroups[1]!;
