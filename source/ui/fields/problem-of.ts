import {UserError} from '../../errors.ts';

/** Why a text cannot be taken, from what throws a `UserError` then. */
export const problemOf = (check: (text: string) => unknown) => (text: string): string | undefined => {
	try {
		check(text);
		return undefined;
	} catch (error) {
		if (error instanceof UserError) {
			return `${error.message} ${error.hint ?? ''}`.trim();
		}

		throw error;
	}
};
