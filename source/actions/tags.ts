import {compareText} from '../domain/queue.ts';
import {
	checkTagName,
	parseColor,
	randomColor,
	type Tag,
} from '../domain/tag.ts';
import {UserError} from '../errors.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';

/** A tag as it is shown. */
export type TagView = Tag & {
	/** Active and suspended accounts that have it. */
	readonly accountCount: number;
};

export type TagChanges = {
	/** `#rrggbb`, or `random`: one that reads on dark and light terminals. */
	readonly color?: string | undefined;
};

/** All tags, by name. */
export const listTags = action('listTags', async ({store}: Context): Promise<readonly TagView[]> => {
	const [{tags}, {identities}] = await Promise.all([store.read('tags'), store.read('accounts')]);
	const counts = new Map<string, number>();

	for (const {status, tags: own} of identities) {
		for (const name of status === 'inactive' ? [] : own) {
			counts.set(name, (counts.get(name) ?? 0) + 1);
		}
	}

	return tags.map(tag => ({...tag, accountCount: counts.get(tag.name) ?? 0})).toSorted((left, right) => compareText(left.name, right.name));
});

const showTag = async (context: Context, name: string): Promise<TagView> => {
	const tags = await listTags(context);
	const tag = tags.find(each => each.name === name);

	if (tag === undefined) {
		throw noTag(name);
	}

	return tag;
};

/**
Makes a tag; without a colour it gets a random one.
@throws UserError `usage`, or `refused` when there is one of that name.
*/
export const createTag = action('createTag', async (context: Context, name: string, {color = 'random'}: TagChanges = {}): Promise<TagView> => {
	const tag: Tag = {name: checkTagName(name), color: colorOf(color)};

	await context.store.update('tags', undefined, draft => {
		if (draft.tags.some(each => each.name === name)) {
			throw new UserError(`There is a tag "${name}" already.`, {code: 'refused', hint: `Change it with "holdfast tag set ${name} --color random".`});
		}

		draft.tags.push(tag);
	});

	return showTag(context, name);
});

/**
Changes a tag.
@throws UserError `usage`, `notFound`.
*/
export const setTag = action('setTag', async (context: Context, name: string, {color}: TagChanges): Promise<TagView> => {
	await context.store.update('tags', undefined, draft => {
		if (draft.tags.every(each => each.name !== name)) {
			throw noTag(name);
		}

		draft.tags = draft.tags.map(tag => color !== undefined && tag.name === name ? {...tag, color: colorOf(color)} : tag);
	});

	return showTag(context, name);
});

/**
Takes a tag away from all accounts and groups that have it.
@returns the tag as it was.
@throws UserError `notFound`, or `busy` when a job finds its accounts by it.
*/
export const deleteTag = action('deleteTag', async (context: Context, name: string): Promise<TagView> => {
	const {store} = context;
	const tag = await showTag(context, name);
	const {jobs} = await store.read('jobs');
	const job = jobs.find(({accounts}) => accounts.tags.includes(name));

	if (job !== undefined) {
		throw new UserError(`The job ${job.name} finds its accounts by the tag "${name}".`, {code: 'busy', hint: `Change the job first: "holdfast job set ${job.name} --tag …".`});
	}

	await store.update('accounts', undefined, draft => {
		draft.identities = draft.identities.map(identity => identity.tags.includes(name) ? {...identity, tags: identity.tags.filter(each => each !== name)} : identity);
	});
	await store.update('groups', undefined, draft => {
		draft.groups = draft.groups.map(group => ({...group, tags: group.tags.filter(each => each !== name)}));
	});
	await store.update('tags', undefined, draft => {
		draft.tags = draft.tags.filter(each => each.name !== name);
	});

	return tag;
});

/** Tags that are named and do not exist yet are made, each with a random colour. */
export const ensureTags = async ({store}: Pick<Context, 'store'>, names: readonly string[] = []): Promise<void> => {
	const {tags} = await store.read('tags');
	const missing = new Set(names.map(name => checkTagName(name)).filter(name => tags.every(each => each.name !== name)));

	if (missing.size > 0) {
		await store.update('tags', undefined, draft => {
			const known = new Set(draft.tags.map(({name}) => name));
			draft.tags.push(...[...missing].filter(name => !known.has(name)).map(name => ({name, color: randomColor(Math.random)})));
		});
	}
};

const colorOf = (text: string): string => text === 'random' ? randomColor(Math.random) : parseColor(text);

const noTag = (name: string): UserError => new UserError(`There is no tag "${name}".`, {code: 'notFound', hint: 'See all with "holdfast tag list".'});
