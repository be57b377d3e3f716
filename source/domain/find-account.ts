import {UserError} from '../errors.ts';
import type {Identity} from './account.ts';
import {isUuid} from './identifier.ts';
import {fromText} from './raw-name.ts';

/**
The account that an operator means by a UUID or a name (as text): the live one of that name, else the only dead one.
@throws UserError `notFound`, or `usage` listing the UUIDs when several dead ones have the name.
*/
export const findAccount = (identities: readonly Identity[], text: string): Identity => {
	if (isUuid(text)) {
		const identity = identities.find(({uuid}) => uuid === text);

		if (identity) {
			return identity;
		}
	}

	const raw = fromText(text);
	const namesakes = identities.filter(({name}) => name === raw);
	const candidates = namesakes.filter(({status}) => status !== 'inactive');
	const [found, ...others] = candidates.length > 0 ? candidates : namesakes;

	if (found === undefined) {
		throw new UserError(`There is no account "${text}".`, {code: 'notFound', hint: 'See all with "holdfast account list --status all".'});
	}

	if (others.length > 0) {
		throw new UserError(`Several removed accounts had the name "${text}".`, {
			code: 'usage',
			hint: `Name one by its UUID: ${[found, ...others].map(({uuid, lastSeenAt}) => `${uuid} (last seen ${lastSeenAt.slice(0, 10)})`).join(', ')}.`,
		});
	}

	return found;
};
