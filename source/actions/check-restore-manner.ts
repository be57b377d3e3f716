import type {Identity} from '../domain/account.ts';
import {toScreen} from '../domain/raw-name.ts';
import {isEverything, type ItemChoice, type RestoreRequest} from '../domain/restore.ts';
import {UserError} from '../errors.ts';
import {readSetting} from '../state/read-setting.ts';
import type {Context} from './context.ts';

export type MannerOptions = {
	readonly request: RestoreRequest;
	readonly choices: readonly ItemChoice[];
	/** `undefined`: it is not there. */
	readonly account: Identity | undefined;
};

/**
Whether the ways in which a restore is wanted go together, and may be wanted of this account.
@throws UserError `usage`, `refused`
*/
export const checkRestoreManner = async (context: Context, options: MannerOptions): Promise<void> => {
	const {request: {isMerge, isMirror, isTerminating, isSuspending, target}} = options;

	if (isMerge && (isMirror === true || isTerminating === true)) {
		throw new UserError(`--merge keeps what is live, and ${isMirror === true ? '--mirror' : '--terminate'} removes it.`, {code: 'usage', hint: 'Choose one of them.'});
	}

	if (target.type === 'folder' && (isMirror === true || isTerminating === true || isSuspending === true)) {
		throw new UserError('A restore into a folder touches no account: nothing is mirrored, terminated or suspended.', {code: 'usage', hint: 'Leave --to away, or --mirror, --terminate and --suspend.'});
	}

	if (isTerminating === true) {
		await checkTerminate(context, options);
	}
};

const checkTerminate = async ({store}: Context, {request, choices, account}: MannerOptions): Promise<void> => {
	if (account === undefined || account.status === 'inactive') {
		throw refuse('Nothing of the account is live: there is nothing to terminate.', 'Leave --terminate away.');
	}

	const {identities} = await store.read('accounts');

	if (identities.some(({owner, status}) => owner === account.name && status !== 'inactive')) {
		throw refuse(`${toScreen(account.name)} is a reseller, and resellers are not terminated.`, 'Give its accounts another owner first, or restore without --terminate.');
	}

	const missing = (['config', 'homedir'] as const).find(name => choices.every(choice => choice.name !== name));

	if (missing !== undefined) {
		throw refuse(`An account is only terminated where its ${missing} is restored, too.`, 'Choose a backup that holds config and homedir, and both of them.');
	}

	if (!isEverything(request.selection)) {
		throw refuse('An account is only terminated where its home is restored whole.', 'Leave --path and --exclude away, or restore without --terminate.');
	}

	if (!(request.isSafetyBackupMade ?? await readSetting(store, 'restore.safetyBackup'))) {
		throw refuse('An account is never terminated without a safety backup.', 'Leave --no-safety-backup away, and see "holdfast setting get restore.safetyBackup".');
	}
};

const refuse = (message: string, hint: string): UserError => new UserError(message, {code: 'refused', hint});
