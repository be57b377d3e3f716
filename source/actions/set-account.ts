import type {AccountView} from '../domain/account-view.ts';
import type {Identity} from '../domain/account.ts';
import {parseGlob} from '../domain/glob.ts';
import {toText} from '../domain/raw-name.ts';
import {UserError} from '../errors.ts';
import {resolveAccount, showAccount} from './accounts.ts';
import type {Context} from './context.ts';
import {requireAdministrator} from './require-role.ts';

export type AccountChanges = {
	/** `null` removes it. */
	readonly email?: string | null;
	readonly excludesToAdd?: readonly string[];
	readonly excludesToRemove?: readonly string[];
};

/**
Changes what the operator may set of an account.
@throws UserError `notFound`, `usage` for an address or glob that is none.
*/
export const setAccount = async (context: Context, nameOrUuid: string, changes: AccountChanges): Promise<AccountView> => {
	requireAdministrator(context);
	checkChanges(changes);
	const {uuid} = await resolveAccount(context, nameOrUuid);

	await context.store.update('accounts', undefined, draft => {
		draft.identities = draft.identities.map(identity => identity.uuid === uuid ? applyChanges(identity, changes) : identity);
	});

	return showAccount(context, uuid);
};

const checkChanges = ({email, excludesToAdd = []}: AccountChanges): void => {
	if (email !== undefined && email !== null && !/^[^\s@]+@[^\s@]+$/v.test(email)) {
		throw new UserError(`"${email}" is no mail address.`, {code: 'usage', hint: 'Give one such as alice@example.com, or none.'});
	}

	for (const pattern of excludesToAdd) {
		parseGlob(pattern);
	}
};

const applyChanges = (identity: Identity, {email, excludesToAdd = [], excludesToRemove = []}: AccountChanges): Identity => {
	const unknown = excludesToRemove.find(pattern => !identity.excludes.includes(pattern));

	if (unknown !== undefined) {
		throw new UserError(`${toText(identity.name)} has no exclude "${unknown}".`, {
			code: 'notFound',
			hint: identity.excludes.length === 0 ? 'It has no excludes.' : `It has: ${identity.excludes.join(', ')}`,
		});
	}

	const excludes = new Set([...identity.excludes, ...excludesToAdd]);

	return {
		...identity,
		email: email === undefined ? identity.email : email,
		excludes: [...excludes].filter(pattern => !excludesToRemove.includes(pattern)),
	};
};
