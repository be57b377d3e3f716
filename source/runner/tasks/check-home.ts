import type {Identity} from '../../domain/account.ts';
import {toScreen} from '../../domain/raw-name.ts';
import {UserError} from '../../errors.ts';
import {readHomeFacts} from '../../system/home-facts.ts';

/**
A task may have waited for hours: the home must still be there, and be the one that was bound to the identity. Where the name was removed and made
again, a new customer's files would come among an old one's, or the other way round.
@throws UserError `failed`, `refused`.
*/
export const checkHome = ({name, home, homeInode, homeBirthNs}: Identity): void => {
	const facts = readHomeFacts(home);

	if (facts.type === 'missing') {
		throw new UserError(`The account ${toScreen(name)} has no home to work on: ${facts.reason} (${toScreen(home)}).`, {
			code: 'failed',
			hint: 'Mount or mend it, then run the task again.',
		});
	}

	const isSame = homeInode === null || (facts.inode === homeInode && (homeBirthNs === null || facts.birthNs === homeBirthNs));

	if (!isSame) {
		throw new UserError(`The home of ${toScreen(name)}, ${toScreen(home)}, is not the one it was when the task was queued.`, {
			code: 'refused',
			hint: `Look at the account with "holdfast account show ${toScreen(name)}"; if it is the right home, say so with "holdfast account rebind ${toScreen(name)}".`,
		});
	}
};
