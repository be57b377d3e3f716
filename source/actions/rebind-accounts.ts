import type {Identity} from '../domain/account.ts';
import {refreshAccounts} from '../state/refresh-accounts.ts';
import {resolveAccount} from './accounts.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';

/**
Says that the homes that accounts have now are theirs, although they are not the ones they were; with `all` also that all accounts that are gone were removed.
@returns the identities after it.
@throws UserError `notFound`
*/
export const rebindAccounts = action('rebindAccounts', async (context: Context, which: {readonly type: 'all'} | {readonly type: 'account'; readonly account: string}): Promise<readonly Identity[]> => {
	if (which.type === 'all') {
		const {identities} = await refreshAccounts(context.store, {clock: context.clock, rebinding: 'all'});

		return identities.filter(({status}) => status !== 'inactive');
	}

	const {name} = await resolveAccount(context, which.account);
	const {identities} = await refreshAccounts(context.store, {clock: context.clock, rebinding: new Set([name])});

	return identities.filter(identity => identity.name === name && identity.status !== 'inactive');
});
