import {accountType} from '../domain/account-view.ts';
import type {Identity} from '../domain/account.ts';
import type {PrioritySubject} from '../domain/priority.ts';
import type {SourceAccount} from '../domain/source-account.ts';
import type {QueueRules} from '../domain/task-view.ts';
import type {Task} from '../domain/task.ts';
import {settingValue} from '../state/read-setting.ts';
import {refreshAccounts} from '../state/refresh-accounts.ts';
import type {Store} from '../state/store.ts';
import type {Clock} from '../system/clock.ts';

type RulesRequest = {
	readonly store: Store;
	readonly clock: Clock;
	/** The tasks whose order is asked for. */
	readonly tasks: readonly Task[];
	/** Ids of those whose private keys are here. */
	readonly keysHeld?: ReadonlySet<string>;
};

/** What the order of the queue follows from at this moment: settings, groups and accounts as they are now. */
export const readQueueRules = async ({store, clock, tasks, keysHeld}: RulesRequest): Promise<QueueRules> => {
	const [{values}, {groups}, {identities}] = await Promise.all([store.read('settings'), store.read('groups'), store.read('accounts')]);

	// Who is an administrator counts for restores alone, so the account source is read for those alone.
	const isTypeNeeded = tasks.some(({kind, state}) => state === 'pending' && kind !== 'backup');
	const subjects = isTypeNeeded ? await readTypedSubjects(store, clock) : untypedSubjects(identities);

	return {
		groups,
		subjects,
		keysHeld,
		lanes: {
			backup: settingValue(store, values, 'queue.backupLanes'),
			restore: settingValue(store, values, 'queue.restoreLanes'),
		},
	};
};

type Subjects = ReadonlyMap<string, PrioritySubject>;

const readTypedSubjects = async (store: Store, clock: Clock): Promise<Subjects> => {
	const {identities, live} = await refreshAccounts(store, {clock});

	return subjectsOf(identities, live);
};

/** Asked for at every turn of the queue: the store gives the same list again as long as no account changed. */
const untypedSubjects = (identities: readonly Identity[]): Subjects => {
	const subjects = knownSubjects.get(identities) ?? subjectsOf(identities, new Map());
	knownSubjects.set(identities, subjects);

	return subjects;
};

const knownSubjects = new WeakMap<readonly Identity[], Subjects>();

const subjectsOf = (identities: readonly Identity[], live: ReadonlyMap<string, SourceAccount>): Subjects => {
	const owners = new Set(identities.flatMap(({owner, status}) => owner === null || status === 'inactive' ? [] : [owner]));

	return new Map(identities.map(identity => [identity.uuid, {
		priorityGroup: identity.priorityGroup,
		tags: identity.tags,
		type: accountType(identity, live.get(identity.uuid), owners),
	}]));
};
