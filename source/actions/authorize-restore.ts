/** What a restore needs beyond being possible: asked of a new one, and again of one that is run again. */
import type {Backup} from '../domain/backup.ts';
import {findCondition, missingConditions} from '../domain/condition.ts';
import {toScreen} from '../domain/raw-name.ts';
import type {AcceptedCondition, RestoreRequest} from '../domain/restore.ts';
import {UserError} from '../errors.ts';
import {checkRestoreLimit} from './check-restore-limit.ts';
import type {Context} from './context.ts';
import type {PreparedRestore} from './prepare-restore.ts';

/**
Checks the role, the restore conditions and the restore limit. `task`: the one that is run again.
@throws UserError `refused`
*/
export const authorizeRestore = async (context: Context, {backup, restore, isRecreating}: PreparedRestore, task?: string): Promise<void> => {
	checkRole(context, restore, isRecreating);
	await checkConditions(context, restore);
	await checkRestoreLimit(context, backup, task);
};

/**
The conditions that are accepted by their ids, as they read now.
@throws UserError `notFound`, `usage`
*/
export const acceptConditions = async ({store, clock, actor}: Context, ids: readonly string[]): Promise<readonly AcceptedCondition[]> => {
	const {conditions} = await store.read('conditions');
	const accepted = new Set(ids.map(id => findCondition(conditions, id)));

	return [...accepted].map(condition => ({...condition, acceptedBy: actor.name, acceptedAt: clock.now().toISOString()}));
};

/**
Terminating wants the account's name typed.
@throws UserError `usage`
*/
export const checkConfirmation = ({isTerminating}: RestoreRequest, {account}: Backup, confirm: string | undefined): void => {
	const name = toScreen(account);

	if (isTerminating === true && confirm !== name) {
		throw new UserError(`What is live of ${name} is only removed when that is confirmed by its name.`, {code: 'usage', hint: `Give --confirm ${name}.`});
	}
};

const checkRole = ({actor}: Context, {isTerminating, isSuspending}: RestoreRequest, isRecreating: boolean): void => {
	if (actor.role === 'administrator') {
		return;
	}

	if (isRecreating) {
		throw new UserError('Only administrators bring an account back that does not exist any more.', {code: 'refused', hint: 'Ask an administrator of this server, or restore into a folder with --to.'});
	}

	if (isTerminating === true || isSuspending === true) {
		throw new UserError(`Only administrators ${isTerminating === true ? 'terminate' : 'suspend'} an account.`, {code: 'refused', hint: 'Ask an administrator of this server.'});
	}
};

const checkConditions = async ({store}: Context, {accepted = []}: RestoreRequest): Promise<void> => {
	const {conditions} = await store.read('conditions');
	const [missing] = missingConditions(conditions, accepted);

	if (missing !== undefined) {
		throw new UserError(`A condition must be accepted before a restore: ${missing.text}`, {code: 'refused', hint: `Accept it with --accept ${missing.id}; all are shown by "holdfast condition list".`});
	}
};
