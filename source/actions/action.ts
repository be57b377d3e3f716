import {
	describeInput,
	hasUuid,
	nameAccounts,
	type AuditEntry,
} from '../domain/audit.ts';
import {permissions, whyNotPermitted, type ActionName} from '../domain/permissions.ts';
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
		await requirePermission(context, name);
		return run(context, ...input);
	}

	const described = describeInput(input);
	const did = {action: name, ...described, target: await nameTarget(context, described.target)};
	let result = 'failed';

	try {
		await requirePermission(context, name);
		const done = await run(context, ...input);
		result = 'done';

		return done;
	} catch (error) {
		result = error instanceof UserError ? error.code : 'failed';
		throw error;
	} finally {
		if (!context.isReadOnly) {
			await log(context, {...did, result});
		}
	}
};

/**
For what is not made by `action`.
@throws UserError `refused` unless the actor's role may do it, and, of somebody who signed in, is still the role it was.
*/
export const requirePermission = async ({actor, store}: Pick<Context, 'actor' | 'store'>, name: ActionName): Promise<void> => {
	const reason = whyNotPermitted(actor.role, name);

	if (reason !== undefined) {
		throw new UserError(reason, {code: 'refused', hint: permissions[name].roles.includes('operator') ? 'Ask one of this server.' : 'Ask an administrator of this server.'});
	}

	if (actor.isSignedIn !== true) {
		return;
	}

	const {users} = await store.read('users');

	if (users.find(user => user.name === actor.name)?.role !== actor.role) {
		throw new UserError(`${actor.name} is no ${actor.role} any more.`, {code: 'refused', hint: 'Sign in again, or ask an administrator of this server.'});
	}
};

/** Looked up before the act, which may be the end of the account. */
const nameTarget = async ({store}: Context, target: string | null): Promise<string | null> => {
	if (target === null || !hasUuid(target)) {
		return target;
	}

	try {
		const {identities} = await store.read('accounts');

		return nameAccounts(target, identities);
	} catch {
		// What is damaged is told by the act itself; it is logged all the same.
		return target;
	}
};

const log = async ({store, clock, actor}: Context, done: Omit<AuditEntry, 'at' | 'user'>): Promise<void> => appendAudit(store.directory, {
	at: clock.now().toISOString(), user: actor.name, ...done,
});
