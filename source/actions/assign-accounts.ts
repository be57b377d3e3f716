import type {Identity} from '../domain/account.ts';
import {findAccount} from '../domain/find-account.ts';
import type {OrphanView} from '../domain/orphan.ts';
import {compareText} from '../domain/queue.ts';
import {toText} from '../domain/raw-name.ts';
import type {Task} from '../domain/task.ts';
import {UserError} from '../errors.ts';
import {refreshAccounts} from '../state/refresh-accounts.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';
import {listOrphans} from './orphans.ts';
import {queueTasks} from './queue-tasks.ts';

/** Backups of a removed account that a live one can take over. */
export type Assignable = {
	readonly orphan: OrphanView;
	readonly account: Identity;
};

export type AssignableInput = {
	/** Name (as text) or UUID of the only live account that is asked for. */
	readonly account?: string | undefined;
	/** Any orphan, not only those of the same name; needs `account`. */
	readonly isAll?: boolean;
};

/**
Which backups of removed accounts live accounts can take over: those of the same name, the newest orphan first.
@throws UserError `notFound`, `usage`.
*/
export const listAssignable = action('listAssignable', async (context: Context, {account, isAll = false}: AssignableInput = {}): Promise<readonly Assignable[]> => {
	const {identities} = await refreshAccounts(context.store, context);
	const {orphans} = await listOrphans(context);
	const live = identities.filter(({status}) => status !== 'inactive');
	const chosen = account === undefined ? live : [findLive(identities, account)];

	if (isAll && account === undefined) {
		throw new UserError('Any orphan can be assigned to any account.', {code: 'usage', hint: 'Name the account that is to take one over.'});
	}

	return chosen.flatMap(identity => orphans
		.filter(({name}) => isAll || name === identity.name)
		.toSorted((left, right) => compareText(right.newestAt, left.newestAt))
		.map(orphan => ({orphan, account: identity})));
});

/**
Queues the move of an orphan's backups to a live account.
@throws UserError `notFound`, `refused` while the other one is live or has no backups.
*/
export const assignAccount = action('assignAccount', async (context: Context, {uuid, account}: {readonly uuid: string; readonly account: string}): Promise<Task> => {
	const {identities} = await refreshAccounts(context.store, context);
	const from = findAccount(identities, uuid);

	if (from.status !== 'inactive') {
		throw new UserError(`The account ${toText(from.name)} is live, and keeps its backups.`, {code: 'refused', hint: 'Only backups of removed accounts are assigned: see "holdfast account assignable".'});
	}

	const to = findLive(identities, account);
	const {orphans} = await listOrphans(context);

	if (orphans.every(orphan => orphan.uuid !== from.uuid)) {
		throw new UserError(`The removed account ${toText(from.name)} has no backups.`, {code: 'refused', hint: 'See what can be assigned with "holdfast account assignable".'});
	}

	const [task] = await queueAssignments(context, [{from: from.uuid, to}]);

	return task!;
});

/**
Queues the move of the backups of all removed accounts to live ones of the same name: for a server whose accounts were all made again.
@throws UserError `refused` when there is nothing to assign.
*/
export const assignAllByName = action('assignAllByName', async (context: Context): Promise<readonly Task[]> => {
	const assignable = await listAssignable(context);

	if (assignable.length === 0) {
		throw new UserError('No live account has the name of a removed one that has backups.', {code: 'refused', hint: 'See the orphans with "holdfast orphan list".'});
	}

	return queueAssignments(context, assignable.map(({orphan, account}) => ({from: orphan.uuid, to: account})));
});

const queueAssignments = async (context: Context, assignments: ReadonlyArray<{readonly from: string; readonly to: Identity}>): Promise<readonly Task[]> =>
	queueTasks(context, assignments.map(({from, to}) => ({
		kind: 'assign', account: to.name, accountUuid: to.uuid, backup: null, request: {kind: 'assign', from},
	})));

const findLive = (identities: readonly Identity[], nameOrUuid: string): Identity => {
	const identity = findAccount(identities, nameOrUuid);

	if (identity.status === 'inactive') {
		throw new UserError(`The account ${toText(identity.name)} was removed.`, {code: 'refused', hint: 'Name one that is there: see "holdfast account list".'});
	}

	return identity;
};
