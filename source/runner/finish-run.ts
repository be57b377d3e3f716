import {UserError} from '../errors.ts';
import type {Store} from '../state/store.ts';
import {readProvenTime, watchClock} from '../state/watched-clock.ts';
import type {Clock} from '../system/clock.ts';
import type {DigestKeeper} from './digest-keeper.ts';
import {sweepDownloads} from './download-files.ts';
import {copyState} from './state-copy.ts';
import {archiveTasks, forgetOldTasks} from './task-records.ts';

/** What has changed since the queue was last empty. */
export type Run = {
	/** UUIDs of the accounts whose tasks ended. */
	readonly accounts: Set<string>;
	/** Ids of the destinations that backups went to. */
	readonly destinations: Set<string>;
};

type FinishOptions = {readonly store: Store; readonly clock: Clock; readonly log: (text: string) => void; readonly digests: DigestKeeper};

/** Once the queue has run empty: moves old tasks to the archive, and leaves a sealed copy of the state at each destination that got a backup. */
export const finishRun = async ({accounts, destinations}: Run, {store, clock, log, digests}: FinishOptions): Promise<void> => {
	await archiveTasks(store, accounts);
	await sweep({store, clock, log});
	await digests.renew();

	try {
		await copyState({store, clock, destinations});
	} catch (error) {
		if (!(error instanceof UserError) && (error as NodeJS.ErrnoException).code === undefined) {
			throw error;
		}

		// The backups are made and stand by themselves; the next run leaves the next copy.
		log(`The copy of the state could not be left at the destination: ${(error as Error).message}`);
	}
};

/** What cannot be told to have expired stays. */
const sweep = async ({store, clock, log}: Omit<FinishOptions, 'digests'>): Promise<void> => {
	try {
		await watchClock({store, clock});
		await forgetOldTasks(store, await readProvenTime({store, clock}));
		await sweepDownloads({store, clock, log});
	} catch (error) {
		if (!(error instanceof UserError)) {
			throw error;
		}

		log(`What has expired is not removed: ${error.message}`);
	}
};
