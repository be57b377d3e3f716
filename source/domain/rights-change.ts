import {UserError} from '../errors.ts';
import {
	formatFullPath,
	parseFullPath,
	type FullPath,
} from './full-path.ts';
import {findException, type Effect, type Rights} from './rights.ts';

/** One change of somebody's rights; paths as they were typed. */
export type RightsChange =
	| {readonly type: 'default'; readonly effect: Effect}
	| {readonly type: 'added'; readonly path: string; readonly effect: Effect}
	/** An allow becomes a deny, a deny an allow. */
	| {readonly type: 'flipped'; readonly path: string}
	| {readonly type: 'removed'; readonly path: string};

/**
The rights after a change.
@throws UserError `usage` for what is no path and for one that has an exception already, `notFound` for one that has none.
*/
export const changeRights = (rights: Rights, change: RightsChange): Rights => {
	if (change.type === 'default') {
		return {...rights, default: change.effect};
	}

	const path = parseFullPath(change.path);

	if (change.type === 'added') {
		return addException(rights, path, change.effect);
	}

	const found = requireException(rights, path);

	return {
		...rights,
		exceptions: change.type === 'removed'
			? rights.exceptions.filter(exception => exception !== found)
			: rights.exceptions.map(exception => exception === found ? {...found, effect: otherEffect(found.effect)} : exception),
	};
};

export const otherEffect = (effect: Effect): Effect => effect === 'allow' ? 'deny' : 'allow';

const addException = (rights: Rights, path: FullPath, effect: Effect): Rights => {
	if (findException(rights, path) !== undefined) {
		throw new UserError(`There is an exception for ${formatFullPath(path)} already.`, {code: 'usage', hint: 'Turn it round with "holdfast rights flip", or take it away with "holdfast rights remove".'});
	}

	return {...rights, exceptions: [...rights.exceptions, {path, effect}]};
};

const requireException = (rights: Rights, path: FullPath): Rights['exceptions'][number] => {
	const found = findException(rights, path);

	if (found === undefined) {
		throw new UserError(`There is no exception for ${formatFullPath(path)}.`, {code: 'notFound', hint: 'See all with "holdfast rights show".'});
	}

	return found;
};
