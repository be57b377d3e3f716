import {NothingThereError} from './nothing-there.ts';

export type LivePart = {
	/** Raw, as it is named now. */
	readonly part: string;
	/** The same with its server before it, namesake or not. */
	readonly fullName: string;
};

/**
The live part of a name that it has or had: what told it from a namesake comes and goes with that.
@throws NothingThereError where there is none
@throws Error where there are several by now, and the name does not tell which
*/
export const pickPart = <Part extends LivePart>(live: readonly Part[], name: string): Part => {
	const found = live.find(({part, fullName}) => part === name || fullName === name);

	if (found !== undefined) {
		return found;
	}

	const namesakes = live.filter(({fullName}) => fullName.slice(fullName.indexOf(':') + 1) === name);

	throw namesakes.length === 0
		? new NothingThereError('it is not there any more, or not the account\'s')
		: new Error(`there are several of that name by now: ${namesakes.map(({part}) => part).join(', ')}`);
};
