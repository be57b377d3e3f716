import type {RetentionDecision} from '../domain/retention.ts';
import {planRetention} from '../runner/apply-retention.ts';
import {refreshAccounts} from '../state/refresh-accounts.ts';
import {resolveAccount} from './accounts.ts';
import type {Context} from './context.ts';

/**
What retention says of each backup now, of all accounts or of one, with the reasons: those that would be removed first, each part the newest first.
@throws UserError `notFound`
*/
export const previewRetention = async (context: Context, account?: string): Promise<readonly RetentionDecision[]> => {
	const identity = account === undefined ? undefined : await resolveAccount(context, account);
	await refreshAccounts(context.store, context);
	const decisions = await planRetention(context, identity?.uuid);

	return [...decisions.filter(({isKept}) => !isKept), ...decisions.filter(({isKept}) => isKept)];
};
