import type {Destination} from '../domain/destination.ts';
import {UserError} from '../errors.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';

/**
One destination, by name or id; without either the one of the first job, or the only one.
@throws UserError `notFound`
*/
export const resolveDestination = action('resolveDestination', async ({store}: Context, nameOrId?: string): Promise<Destination> => {
	const {destinations} = await store.read('destinations');
	const {jobs} = await store.read('jobs');
	const wanted = nameOrId ?? jobs[0]?.destination;
	const found = wanted === undefined ? destinations[0] : destinations.find(({id, name}) => id === wanted || name === wanted);

	if (found === undefined) {
		throw new UserError(`There is no destination${nameOrId === undefined ? '' : ` "${nameOrId}"`}.`, {code: 'notFound', hint: 'See all with "holdfast destination list".'});
	}

	return found;
});
