import type {Finding} from '../../../domain/item.ts';
import type {Store} from '../../../state/store.ts';
import {readJournals, type Journal} from './journal.ts';
import {Termination} from './termination.ts';

export type Recovered = {
	/** Id. */
	readonly task: string;
	readonly finding: Finding;
};

/** Undoes, or brings to its end, what a runner that died had begun to terminate. What cannot be done now is tried again by the next runner. */
export const recoverTerminations = async (store: Store, log: (text: string) => void): Promise<readonly Recovered[]> => {
	const journals = await readJournals(store.directory);
	const recovered: Recovered[] = [];

	for (const journal of journals) {
		const finding = await recoverOne(store, journal);
		log(`Task ${journal.task}: ${finding.message}.`);
		recovered.push({task: journal.task, finding});
	}

	return recovered;
};

const recoverOne = async (store: Store, journal: Journal): Promise<Finding> => {
	try {
		const {identities} = await store.read('accounts');
		const account = identities.find(({uuid}) => uuid === journal.accountUuid);

		if (account === undefined) {
			throw new Error('the account is not known any more');
		}

		const isVerified = journal.stage === 'verified';
		const isPutBack = await new Termination(store, account, journal).end(journal.isSuspending && isVerified);

		return isPutBack
			? {level: 'problem', path: '', message: 'the home was put back as it was before the restore'}
			: {level: 'note', path: '', message: isVerified ? 'the home was restored whole before the process died' : 'the home had not been touched when the process died'};
	} catch (error) {
		return {level: 'problem', path: '', message: `what was live before the restore lies in the folder .holdfast-aside of the home, and could not be put back: ${(error as Error).message}; it is tried again when the runner starts`};
	}
};
