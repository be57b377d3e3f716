import {
	createTag,
	deleteTag,
	listTags,
	setTag,
	type TagView,
} from '../actions/tags.ts';
import {countOf, formatCount} from '../domain/units.ts';
import {UserError} from '../errors.ts';
import {defineCommand, type Argument} from './command.ts';
import {formatTable} from './table.ts';

const fields = 'name, color, accountCount';
const nameArgument = {name: 'NAME', meaning: 'name of the tag'} as const satisfies Argument;
const colorOption = {type: 'text', placeholder: '\'#aabbcc\'', meaning: 'its colour, or random: one that reads on dark and light terminals'} as const;

export const tagList = defineCommand({
	arguments: [],
	options: {},
	json: `{"tags": […]}, each with ${fields}`,
	examples: ['holdfast tag list'],
	needs: 'setup',
	async run({context, output}) {
		const tags = await listTags(context);

		await output.result({tags}, async () => tags.length === 0
			? 'No tag yet: "holdfast tag create NAME" makes one.'
			: formatTable([{heading: 'TAG', isFlexible: true}, {heading: 'COLOUR'}, {heading: 'ACCOUNTS', align: 'right'}], tags.map(({name, color, accountCount}) => [name, color, formatCount(accountCount)])));
	},
});

export const tagCreate = defineCommand({
	arguments: [nameArgument],
	options: {color: colorOption},
	json: `the tag: ${fields}`,
	examples: ['holdfast tag create vip', 'holdfast tag create shop --color \'#cc6600\''],
	needs: 'setup',
	async run({context, values, options, output}) {
		const [name] = values;
		const tag = await createTag(context, name, {color: options.color});
		await output.result(tag, () => describe(tag));
	},
});

export const tagSet = defineCommand({
	arguments: [nameArgument],
	options: {color: colorOption},
	json: `the tag: ${fields}`,
	details: ['Accounts get and lose tags with "holdfast account set NAME… --add-tag TAG".'],
	examples: ['holdfast tag set vip --color random'],
	needs: 'setup',
	async run({context, values, options, output}) {
		const [name] = values;

		if (options.color === undefined) {
			throw new UserError('Nothing to change was given.', {code: 'usage', hint: 'Give --color.'});
		}

		const tag = await setTag(context, name, {color: options.color});
		await output.result(tag, () => describe(tag));
	},
});

export const tagDelete = defineCommand({
	arguments: [nameArgument],
	options: {},
	json: `the tag as it was: ${fields}`,
	details: ['Accounts and priority groups lose it. A tag that a job finds its accounts by cannot be deleted.'],
	examples: ['holdfast tag delete vip'],
	needs: 'setup',
	async run({context, values, output}) {
		const [name] = values;
		const tag = await deleteTag(context, name);
		await output.result(tag, () => `The tag ${name} is gone; ${countOf(tag.accountCount, 'account')} had it.`);
	},
});

const describe = ({name, color, accountCount}: TagView): string => `${name}  ${color}  ${countOf(accountCount, 'account')}`;
