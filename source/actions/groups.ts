import type {PriorityGroup} from '../domain/priority-group.ts';
import {compareText} from '../domain/queue.ts';
import {toScreen} from '../domain/raw-name.ts';
import {UserError} from '../errors.ts';
import type {Store} from '../state/store.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';
import {ensureTags} from './tags.ts';

export type GroupChanges = {
	readonly backup?: number | undefined;
	readonly restore?: number | undefined;
	readonly download?: number | undefined;
	/** Replace those it has. */
	readonly tags?: readonly string[] | undefined;
	/** Makes it the default group; the one that was it no longer is. */
	readonly isDefault?: boolean | undefined;
};

/** So that an account's type, which is added for restores, always outweighs them. */
const largestNumber = 999;

/** All groups, the earliest backups first. */
export const listGroups = action('listGroups', async ({store}: Pick<Context, 'store'>): Promise<readonly PriorityGroup[]> => {
	const {groups} = await store.read('groups');

	return groups.toSorted((left, right) => left.backup === right.backup ? compareText(left.name, right.name) : left.backup - right.backup);
});

/**
Makes a group; numbers that are not given are those of the default group.
@throws UserError `usage`, or `refused` when there is one of that name.
*/
export const createGroup = action('createGroup', async (context: Context, name: string, changes: GroupChanges): Promise<PriorityGroup> => {
	checkName(name);
	await checkChanges(context, changes);

	return context.store.update('groups', undefined, draft => {
		if (draft.groups.some(group => group.name === name)) {
			throw new UserError(`There is a group "${name}" already.`, {code: 'refused', hint: `Change it with "holdfast group set ${name}".`});
		}

		const base = draft.groups.find(({isDefault}) => isDefault)!;
		const group = applyChanges({
			...base, name, tags: [], isDefault: false,
		}, changes);
		draft.groups = [...withDefault(draft.groups, group), group];

		return group;
	});
});

/**
Changes a group.
@throws UserError `usage`, `notFound`.
*/
export const setGroup = action('setGroup', async (context: Context, name: string, changes: GroupChanges): Promise<PriorityGroup> => {
	await checkChanges(context, changes);

	return context.store.update('groups', undefined, draft => {
		const group = applyChanges(findGroup(draft.groups, name), changes);
		draft.groups = withDefault(draft.groups, group).map(each => each.name === name ? group : each);

		return group;
	});
});

/**
Deletes a group that nothing follows.
@returns the group as it was.
@throws UserError `notFound`, or `busy` for the default group and one that accounts are in.
*/
export const deleteGroup = action('deleteGroup', async (context: Context, name: string): Promise<PriorityGroup> => {
	const {identities} = await context.store.read('accounts');

	return context.store.update('groups', undefined, draft => {
		const group = findGroup(draft.groups, name);
		const user = identities.find(({priorityGroup, tags}) => priorityGroup === name || (priorityGroup === null && group.tags.some(tag => tags.includes(tag))));

		if (group.isDefault) {
			throw new UserError(`${name} is the default group.`, {code: 'busy', hint: 'Make another one the default first: "holdfast group set NAME --default".'});
		}

		if (user !== undefined) {
			throw new UserError(`The group ${name} is in use, by ${toScreen(user.name)} for one.`, {code: 'busy', hint: 'Move its accounts, or take its tags away, first.'});
		}

		draft.groups = draft.groups.filter(each => each.name !== name);

		return group;
	});
});

/**
Whether there is such a group.
@throws UserError `notFound`
*/
export const checkGroup = async (store: Store, name: string): Promise<void> => {
	const {groups} = await store.read('groups');
	findGroup(groups, name);
};

const findGroup = (groups: readonly PriorityGroup[], name: string): PriorityGroup => {
	const group = groups.find(each => each.name === name);

	if (group === undefined) {
		throw new UserError(`There is no priority group "${name}".`, {code: 'notFound', hint: `There are: ${groups.map(each => each.name).join(', ')}.`});
	}

	return group;
};

/** There is one default group at any time. */
const withDefault = (groups: readonly PriorityGroup[], {isDefault}: PriorityGroup): readonly PriorityGroup[] => isDefault ? groups.map(group => ({...group, isDefault: false})) : groups;

const applyChanges = (group: PriorityGroup, {backup, restore, download, tags, isDefault}: GroupChanges): PriorityGroup => ({
	name: group.name,
	backup: backup ?? group.backup,
	restore: restore ?? group.restore,
	download: download ?? group.download,
	tags: tags === undefined ? group.tags : [...new Set(tags)],
	isDefault: group.isDefault || isDefault === true,
});

const checkChanges = async (context: Context, {backup, restore, download, tags = []}: GroupChanges): Promise<void> => {
	for (const number of [backup, restore, download]) {
		if (number !== undefined && (!Number.isSafeInteger(number) || number < 0 || number > largestNumber)) {
			throw new UserError(`A priority is a whole number from 0 to ${largestNumber}.`, {code: 'usage', hint: 'Lower is earlier.'});
		}
	}

	await ensureTags(context, tags);
};

const checkName = (name: string): void => {
	if (name === 'none' || !/^[\p{Letter}\p{Number}][\p{Letter}\p{Number} \-._]{0,31}$/v.test(name)) {
		throw new UserError(`"${name}" cannot be the name of a group.`, {code: 'usage', hint: 'Use up to 32 letters, digits, spaces, dots, dashes and underscores.'});
	}
};
