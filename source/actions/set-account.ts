import type {Identity} from '../domain/account.ts';
import type {AccountView} from '../domain/account-view.ts';
import {
	applyAccountChanges,
	checkAccountChanges,
	checkOwner,
	checkTargets,
	type AccountChanges,
} from '../domain/account-changes.ts';
import {findAccount} from '../domain/find-account.ts';
import {toText} from '../domain/raw-name.ts';
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
	const isChosen = ({uuid}: Identity): boolean => chosen.has(uuid);
	const stored = toStored(changes, identities);
	const targets = identities.filter(identity => isChosen(identity));
	checkTargets(targets, stored);
	checkOwner(identities.filter(({status}) => status !== 'inactive'), targets, stored);
	await checkNewGroup(context, stored);
	await ensureTags(context, stored.tagsToAdd);

	await context.store.update('accounts', undefined, draft => {
		checkTargets(draft.identities.filter(identity => isChosen(identity)), stored);
		draft.identities = draft.identities.map(identity => isChosen(identity) ? applyAccountChanges(identity, stored) : identity);
	});

	return viewAccountsOf(context, [...chosen]);
});

/** With the owner's raw name, however it was named. */
const toStored = ({owner, ...changes}: AccountChanges, identities: readonly Identity[]): AccountChanges => {
	if (owner === undefined || owner === null) {
		return {...changes, ...(owner === null && {owner})};
	}

	const {name, status} = findAccount(identities, owner);

	if (status === 'inactive') {
		throw new UserError(`The account ${toText(name)} was removed and cannot own others.`, {code: 'usage', hint: 'Name an account that is there.'});
	}

	return {...changes, owner: name};
};

const checkNewGroup = async ({store}: Context, {priorityGroup}: AccountChanges): Promise<void> => {
	if (priorityGroup !== undefined && priorityGroup !== null) {
		await checkGroup(store, priorityGroup);
	}
};
