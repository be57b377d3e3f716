import type {Finding} from '../../../domain/item.ts';
import type {Store} from '../../../state/store.ts';
import {openTerminationJournal, type Begun} from './journal.ts';
import {Termination} from './termination.ts';

export type Recovered = {
	/** Id. */
	readonly task: string;
	readonly finding: Finding;
};

/** Undoes, or brings to its end, what a runner that died had begun to terminate. What cannot be done now is tried again by the next runner. */
export const recoverTerminations = async (store: Store, log: (text: string) => void): Promise<readonly Recovered[]> => {
	const left = await openTerminationJournal(store.directory).read();
	const recovered: Recovered[] = [];

	for (const begun of left) {
		const finding = await recoverOne(store, begun);
		log(`Task ${begun.task}: ${finding.message}.`);
		recovered.push({task: begun.task, finding});
	}

	return recovered;
};

const recoverOne = async (store: Store, begun: Begun): Promise<Finding> => {
	try {
		const {identities} = await store.read('accounts');
		const account = identities.find(({uuid}) => uuid === begun.accountUuid);

		if (account === undefined) {
			throw new Error('the account is not known any more');
		}

		const isVerified = begun.stage === 'verified';
		const isPutBack = await new Termination(store, account, begun).end(begun.isSuspending && isVerified);

		return isPutBack
			? {level: 'problem', path: '', message: 'the home was put back as it was before the restore'}
			: {level: 'note', path: '', message: isVerified ? 'the home was restored whole before the process died' : 'the home had not been touched when the process died'};
	} catch (error) {
		return {level: 'problem', path: '', message: `what was live before the restore lies in the folder .holdfast-aside of the home, and could not be put back: ${(error as Error).message}; it is tried again when the runner starts`};
	}
};
