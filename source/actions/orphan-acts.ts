import type {Identity} from '../domain/account.ts';
import type {Backup} from '../domain/backup.ts';
import {isLocked} from '../domain/backup-lock.ts';
import {findAccount} from '../domain/find-account.ts';
import type {OrphanView} from '../domain/orphan.ts';
import {toText} from '../domain/raw-name.ts';
import {sortNewest} from '../domain/retention.ts';
import {UserError} from '../errors.ts';
import {refreshAccounts} from '../state/refresh-accounts.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';
import {deleteBackups} from './delete-backups.ts';
import {listOrphans} from './orphans.ts';

export type OrphanDetails = {
	readonly orphan: OrphanView;
	/** The newest first. */
	readonly backups: readonly Backup[];
};

/**
One orphan and its backups, by its UUID, or by its name where that is no other's.
@throws UserError `notFound`, `usage`, or `refused` for an account that is there.
*/
export const showOrphan = action('showOrphan', async (context: Context, nameOrUuid: string): Promise<OrphanDetails> => {
	const {identities} = await refreshAccounts(context.store, context);
	const identity = findAccount(identities, nameOrUuid);

	if (identity.status !== 'inactive') {
		throw new UserError(`The account ${toText(identity.name)} is there: it is no orphan.`, {code: 'refused', hint: 'See the orphans with "holdfast orphan list".'});
	}

	const {orphans} = await listOrphans(context);
	const orphan = orphans.find(({uuid}) => uuid === identity.uuid);

	if (orphan === undefined) {
		throw new UserError(`The removed account ${toText(identity.name)} has no backups.`, {code: 'notFound', hint: 'See the orphans with "holdfast orphan list".'});
	}

	const {backups} = await context.store.read('backups', identity.uuid);

	return {orphan, backups: sortNewest(backups)};
});

/**
Deletes all backups of an orphan for good, and forgets it.
@returns what it was.
@throws UserError as `showOrphan`; `usage` when the confirmation is not its name, `busy` when one of its backups is locked or being restored; then nothing is deleted.
*/
export const deleteOrphan = action('deleteOrphan', async (context: Context, {account, confirmation}: {readonly account: string; readonly confirmation: string}): Promise<OrphanDetails> => {
	const details = await showOrphan(context, account);
	const {orphan, backups} = details;
	const name = toText(orphan.name);
	if (confirmation !== name) {
		throw new UserError(`The orphan ${orphan.uuid} is named ${name}, not ${confirmation}.`, {code: 'usage', hint: 'Nothing was deleted.'});
	}

	const now = context.clock.now();
	const locked = backups.filter(backup => isLocked(backup, now));

	if (locked.length > 0) {
		throw new UserError(`Of the backups of ${name} ${locked.length} ${locked.length === 1 ? 'is' : 'are'} locked; nothing was deleted.`, {
			code: 'busy',
			hint: `Unlock first: ${locked.map(({id}) => `"holdfast backup unlock ${id}"`).join(', ')}.`,
		});
	}

	await deleteBackups(context, backups);
	await forgetIdentity(context, orphan);

	return details;
});

const forgetIdentity = async ({store}: Context, {uuid}: Pick<Identity, 'uuid'>): Promise<void> => {
	await store.update('accounts', undefined, draft => {
		draft.identities = draft.identities.filter(identity => identity.uuid !== uuid || identity.status !== 'inactive');
	});
};
