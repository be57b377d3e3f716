import type {Limits} from '../domain/backup-view.ts';
import type {Task} from '../domain/task.ts';
import {UserError} from '../errors.ts';
import type {Store} from '../state/store.ts';

/**
What holds somebody who signed in to a part of what is stored, as it is now.
@throws UserError `refused` when there is no such user any more
*/
export const readLimitsOf = async (store: Store, name: string): Promise<Limits> => {
	const {users} = await store.read('users');
	const user = users.find(each => each.name === name);

	if (user === undefined) {
		throw new UserError(`The user ${name} does not exist any more.`, {code: 'refused', hint: 'Ask an administrator of this server.'});
	}

	return user.role === 'user' ? user.rights : undefined;
};

/** The same for what a task was asked to do. */
export const readLimitsOfTask = async (store: Store, {requestedBy, askedAs}: Pick<Task, 'requestedBy' | 'askedAs'>): Promise<Limits> => askedAs === undefined ? undefined : readLimitsOf(store, requestedBy);
