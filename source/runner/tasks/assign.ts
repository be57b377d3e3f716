import {join} from 'node:path';
import type {Identity} from '../../domain/account.ts';
import {byVault, type Backup} from '../../domain/backup.ts';
import {toScreen} from '../../domain/raw-name.ts';
import {isUnfinished} from '../../domain/task-state.ts';
import {countOf} from '../../domain/units.ts';
import {dropScanCache} from '../../engine/backup/scan-cache.ts';
import {openVault, type Vault} from '../../engine/vault/vault.ts';
import {UserError} from '../../errors.ts';
import {refreshAccounts} from '../../state/refresh-accounts.ts';
import type {Store} from '../../state/store.ts';
import {moveAccountKeys} from '../account-keys.ts';
import {emptyOutcome, type TaskOutcome} from '../task-outcome.ts';
import {readTasks} from '../task-records.ts';
import {readWritableVault} from '../vault-location.ts';
import type {TaskOf, TaskTools} from './task-tools.ts';

/**
Gives the backups of a removed account to the live one of the task, at the destinations and in the state, and forgets the emptied identity. Cut off anywhere every backup is somebody's, and running it again finishes it.
*/
export const runAssign = async (task: TaskOf<'assign'>, tools: TaskTools): Promise<TaskOutcome> => {
	const {from, to} = await checkParties(task, tools);
	const {backups} = await tools.store.read('backups', from.uuid);

	for (const [place, stored] of byVault(backups)) {
		const vault = await openVault(await readWritableVault(tools, place));

		try {
			for (const backup of stored) {
				tools.signal.throwIfAborted();
				await moveBackup(backup, to, {store: tools.store, vault});
			}
		} finally {
			vault.close();
		}
	}

	await moveAccountKeys(tools, from.uuid, to.uuid);
	await forgetIdentity(tools.store, from.uuid);

	return {
		...emptyOutcome,
		state: 'completed',
		findings: [{level: 'note', path: '', message: `${countOf(backups.length, 'backup')} of ${toScreen(from.name)} (${from.uuid}) ${backups.length === 1 ? 'is' : 'are'} now of ${toScreen(to.name)}`}],
		error: null,
	};
};

type Parties = {readonly from: Identity; readonly to: Identity};

/** Asked when it was queued, and again: an account may have come or gone. */
const checkParties = async ({accountUuid, account, request}: TaskOf<'assign'>, {store, clock}: TaskTools): Promise<Parties> => {
	const {identities} = await refreshAccounts(store, {clock});
	const from = identities.find(({uuid}) => uuid === request.from);
	const to = identities.find(({uuid}) => uuid === accountUuid);

	if (to === undefined || to.status === 'inactive') {
		throw new UserError(`The account ${toScreen(account ?? '')} is not there any more.`, {code: 'notFound', hint: 'Its backups and those of the other one stay as they are.'});
	}

	if (from === undefined) {
		throw new UserError(`The account ${request.from} is not known any more.`, {code: 'notFound', hint: 'See what can be assigned with "holdfast account assignable --all".'});
	}

	if (from.status !== 'inactive') {
		throw new UserError(`The account ${toScreen(from.name)} is live, and keeps its backups.`, {code: 'refused', hint: 'Only backups of removed accounts are assigned.'});
	}

	const tasks = await readTasks(store, [from.uuid]);
	const reading = tasks.find(({state}) => isUnfinished(state));

	if (reading !== undefined) {
		throw new UserError(`The task ${reading.id} of the removed account is not finished.`, {code: 'busy', hint: 'Wait until it has ended, then run this again with "holdfast queue retry".'});
	}

	return {from, to};
};

/** First at the destination, then in the state, there first where it comes to. */
const moveBackup = async (backup: Backup, to: Identity, {store, vault}: {readonly store: Store; readonly vault: Vault}): Promise<void> => {
	const {id, accountUuid} = backup;

	await vault.moveBackup({accountUuid, backupId: id}, to.uuid);
	await store.update('backups', to.uuid, draft => {
		draft.backups = [...draft.backups.filter(each => each.id !== id), {...backup, accountUuid: to.uuid}];
	});
	await store.update('backups', accountUuid, draft => {
		draft.backups = draft.backups.filter(each => each.id !== id);
	});
	dropScanCache(join(store.directory, 'cache'), `${vault.id}-${accountUuid}`, id);
};

const forgetIdentity = async (store: Store, uuid: string): Promise<void> => {
	const {backups} = await store.read('backups', uuid);

	if (backups.length > 0) {
		return;
	}

	await store.update('accounts', undefined, draft => {
		draft.identities = draft.identities.filter(identity => identity.uuid !== uuid);
	});
};
