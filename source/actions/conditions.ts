import {checkConditionText, findCondition, type Condition} from '../domain/condition.ts';
import {newIdentifier} from '../system/new-identifier.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';

/** All restore conditions, in the order in which they were made. */
export const listConditions = action('listConditions', async ({store}: Context): Promise<readonly Condition[]> => {
	const {conditions} = await store.read('conditions');

	return conditions;
});

/**
Makes a restore condition.
@throws UserError `usage`
*/
export const createCondition = action('createCondition', async ({store}: Context, {text}: {readonly text: string}): Promise<Condition> => {
	const condition: Condition = {id: newIdentifier(), text: checkConditionText(text)};

	await store.update('conditions', undefined, draft => {
		draft.conditions.push(condition);
	});

	return condition;
});

/**
Changes the text of a condition: who accepted the former one has not accepted it.
@throws UserError `usage`, `notFound`
*/
export const setCondition = action('setCondition', async ({store}: Context, id: string, {text}: {readonly text: string}): Promise<Condition> => store.update('conditions', undefined, draft => {
	const changed: Condition = {id: findCondition(draft.conditions, id).id, text: checkConditionText(text)};
	draft.conditions = draft.conditions.map(condition => condition.id === changed.id ? changed : condition);

	return changed;
}));

/**
Deletes a condition; what was accepted stays recorded with the tasks.
@returns it as it was.
@throws UserError `usage`, `notFound`
*/
export const deleteCondition = action('deleteCondition', async ({store}: Context, id: string): Promise<Condition> => store.update('conditions', undefined, draft => {
	const condition = findCondition(draft.conditions, id);
	draft.conditions = draft.conditions.filter(each => each.id !== condition.id);

	return condition;
}));
