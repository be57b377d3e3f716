import {
	createCondition,
	deleteCondition,
	listConditions,
	setCondition,
} from '../actions/conditions.ts';
import type {Condition} from '../domain/condition.ts';
import {UserError} from '../errors.ts';
import {defineCommand, type Argument} from './command.ts';

const fields = 'id, text';
const idArgument = {name: 'ID', meaning: 'id of the condition, or the beginning of it'} as const satisfies Argument;

export const conditionList = defineCommand({
	arguments: [],
	options: {},
	json: `{"conditions": […]}, each with ${fields}`,
	details: ['Each must be accepted, with "holdfast restore … --accept ID", before anything is restored; --yes does not accept them.'],
	examples: ['holdfast condition list'],
	needs: 'setup',
	async run({context, output}) {
		const conditions = await listConditions(context);

		await output.result({conditions}, () => conditions.length === 0
			? 'No restore condition: "holdfast condition create TEXT" makes one.'
			: conditions.map(condition => describe(condition)).join('\n'));
	},
});

export const conditionCreate = defineCommand({
	arguments: [{name: 'TEXT', meaning: 'what has to be accepted before a restore'}],
	options: {},
	json: `the condition: ${fields}`,
	examples: ['holdfast condition create "The owner was told that newer files are overwritten."'],
	needs: 'setup',
	async run({context, values, output}) {
		const [text] = values;
		const condition = await createCondition(context, {text});
		await output.result(condition, () => describe(condition));
	},
});

export const conditionSet = defineCommand({
	arguments: [idArgument],
	options: {text: {type: 'text', placeholder: 'TEXT', meaning: 'what has to be accepted from now on'}},
	json: `the condition: ${fields}`,
	examples: ['holdfast condition set 3f2a91 --text "The owner has agreed in writing."'],
	needs: 'setup',
	async run({context, values, options, output}) {
		const [id] = values;

		if (options.text === undefined) {
			throw new UserError('Nothing to change was given.', {code: 'usage', hint: 'Give --text.'});
		}

		const condition = await setCondition(context, id, {text: options.text});
		await output.result(condition, () => describe(condition));
	},
});

export const conditionDelete = defineCommand({
	arguments: [idArgument],
	options: {},
	json: `the condition as it was: ${fields}`,
	examples: ['holdfast condition delete 3f2a91'],
	needs: 'setup',
	async run({context, values, output}) {
		const [id] = values;
		const condition = await deleteCondition(context, id);
		await output.result(condition, () => `Gone: ${describe(condition)}`);
	},
});

const describe = ({id, text}: Condition): string => `${id}  ${text}`;
