import {UserError} from '../errors.ts';
import {matchIdentifiers} from './identifier.ts';
import type {AcceptedCondition} from './restore.ts';

/** A text that has to be accepted, by its id, before anything is restored. */
export type Condition = {
	/** 16 characters of 0–9a–z. */
	readonly id: string;
	readonly text: string;
};

const longest = 4000;

/**
A text that can be read before it is accepted.
@throws UserError `usage`
*/
export const checkConditionText = (text: string): string => {
	if (text.trim() === '' || text.length > longest) {
		throw new UserError(text.trim() === '' ? 'A condition needs a text.' : `The text of a condition has at most ${longest} characters.`, {code: 'usage', hint: 'For example: holdfast condition create "The owner was told that newer files are overwritten."'});
	}

	return text.trim();
};

/**
The condition that an id or its beginning means.
@throws UserError `notFound`, or `usage` when several begin so
*/
export const findCondition = (conditions: readonly Condition[], text: string): Condition => {
	const [id, ...others] = matchIdentifiers(conditions.map(each => each.id), text);

	if (id === undefined) {
		throw new UserError(`There is no condition "${text}".`, {code: 'notFound', hint: 'See all with "holdfast condition list".'});
	}

	if (others.length > 0) {
		throw new UserError(`Several conditions begin with "${text}".`, {code: 'usage', hint: `Type more of the one you mean: ${[id, ...others].join(', ')}.`});
	}

	return conditions.find(condition => condition.id === id)!;
};

/** Those that were not accepted as they read now. */
export const missingConditions = (conditions: readonly Condition[], accepted: readonly AcceptedCondition[]): readonly Condition[] =>
	conditions.filter(({id, text}) => accepted.every(each => each.id !== id || each.text !== text));
