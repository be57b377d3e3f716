import {describeInput} from '../domain/audit.ts';
import {permissions, type ActionName} from '../domain/permissions.ts';
import {UserError} from '../errors.ts';
import {appendAudit} from '../state/audit-log.ts';
import type {Context} from './context.ts';

/**
What somebody can do: it is refused to roles that may not, and what changes something is in the audit log before it is reported done.
Nobody gets round it: screens and commands call nothing else.
*/
export const action = <Input extends readonly unknown[], Result>(name: ActionName, run: (context: Context, ...input: Input) => Promise<Result>) => async (context: Context, ...input: Input): Promise<Result> => {
	const {isChanging} = permissions[name];

	if (!isChanging) {
		requirePermission(context, name);
		return run(context, ...input);
	}

	let result = 'failed';

	try {
		requirePermission(context, name);
		const done = await run(context, ...input);
		result = 'done';

		return done;
	} catch (error) {
		result = error instanceof UserError ? error.code : 'failed';
		throw error;
	} finally {
		if (!context.isReadOnly) {
			await log(context, {name, input, result});
		}
	}
};

/**
For what is not made by `action`.
@throws UserError `refused` unless the actor's role may do it.
*/
export const requirePermission = ({actor}: Pick<Context, 'actor'>, name: ActionName): void => {
	const {roles} = permissions[name];

	if (roles.includes(actor.role)) {
		return;
	}

	throw roles.includes('operator')
		? new UserError('This is for administrators and operators.', {code: 'refused', hint: 'Ask one of this server.'})
		: new UserError('This is for administrators.', {code: 'refused', hint: 'Ask an administrator of this server.'});
};

const log = async ({store, clock, actor}: Context, {name, input, result}: {readonly name: ActionName; readonly input: readonly unknown[]; readonly result: string}): Promise<void> => appendAudit(store.directory, {
	at: clock.now().toISOString(), user: actor.name, action: name, ...describeInput(input), result,
});
