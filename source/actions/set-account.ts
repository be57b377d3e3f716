import type {AccountView} from '../domain/account-view.ts';
import {
	applyAccountChanges,
	checkAccountChanges,
	checkRemovals,
	type AccountChanges,
} from '../domain/account-changes.ts';
import {findAccount} from '../domain/find-account.ts';
import {fromText} from '../domain/raw-name.ts';
import {UserError} from '../errors.ts';
import {refreshAccounts} from '../state/refresh-accounts.ts';
import {showAccount, viewAccountsOf} from './accounts.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';
import {checkGroup} from './groups.ts';
import {ensureTags} from './tags.ts';

/**
Changes what the operator may set of an account.
@throws UserError `notFound`, `usage` for an address, glob or name that is none.
*/
export const setAccount = action('setAccount', async (context: Context, nameOrUuid: string, changes: AccountChanges): Promise<AccountView> => {
	await setAccounts(context, [nameOrUuid], changes);

	return showAccount(context, nameOrUuid);
});

/**
The same changes for many accounts: all of them or none. Throws as `setAccount`.
@returns the accounts after it, in the order given.
*/
export const setAccounts = action('setAccounts', async (context: Context, namesOrUuids: readonly string[], changes: AccountChanges): Promise<readonly AccountView[]> => {
	checkAccountChanges(changes);
	const {identities} = await refreshAccounts(context.store, context);
	const chosen = new Set(namesOrUuids.map(name => findAccount(identities, name).uuid));
	const stored = await toStored(context, changes);

	if (stored.owner !== undefined && stored.owner !== null) {
		const owner = findAccount(identities, stored.owner);

		if (owner.status === 'inactive') {
			throw new UserError(`The account ${stored.owner} was removed and cannot own others.`, {code: 'usage', hint: 'Name an account that is there.'});
		}
	}

	await context.store.update('accounts', undefined, draft => {
		checkRemovals(draft.identities.filter(({uuid}) => chosen.has(uuid)), stored);
		draft.identities = draft.identities.map(identity => chosen.has(identity.uuid) ? applyAccountChanges(identity, stored) : identity);
	});

	return viewAccountsOf(context, [...chosen]);
});

const toStored = async ({store}: Context, changes: AccountChanges): Promise<AccountChanges> => {
	const {owner, priorityGroup, tagsToAdd = []} = changes;

	if (priorityGroup !== undefined && priorityGroup !== null) {
		await checkGroup(store, priorityGroup);
	}

	await ensureTags({store}, tagsToAdd);

	return owner === undefined || owner === null ? changes : {...changes, owner: fromText(owner)};
};
