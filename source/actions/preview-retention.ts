import type {RetentionDecision} from '../domain/retention.ts';
import type {UserError} from '../errors.ts';
import {planRetention} from '../runner/apply-retention.ts';
import {refreshAccounts} from '../state/refresh-accounts.ts';
import {resolveAccount} from './accounts.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';

/** The backups of each account the newest first. */
export type RetentionPreview = {
	readonly removed: readonly RetentionDecision[];
	readonly kept: readonly RetentionDecision[];
	/** Why nothing is decided about the backups of some accounts. */
	readonly problems: readonly UserError[];
};

/**
What retention says of each backup now, of all accounts or of one, with the reasons.
@throws UserError `notFound`
*/
export const previewRetention = action('previewRetention', async (context: Context, account?: string): Promise<RetentionPreview> => {
	const identity = account === undefined ? undefined : await resolveAccount(context, account);
	await refreshAccounts(context.store, context);
	const {decisions, problems} = await planRetention(context, identity?.uuid);

	return {removed: decisions.filter(({isKept}) => !isKept), kept: decisions.filter(({isKept}) => isKept), problems};
});
