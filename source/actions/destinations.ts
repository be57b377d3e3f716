import {accessSync, constants, statfsSync} from 'node:fs';
import type {Destination} from '../domain/destination.ts';
import {UserError} from '../errors.ts';
import {readSetting} from '../state/read-setting.ts';
import {action} from './action.ts';
import type {Context} from './context.ts';
import {resolveDestination} from './resolve-destination.ts';
import {findVaultProblem} from './find-vault-problem.ts';

/** A destination as it is shown. */
export type DestinationView = Destination & {
	/** Whether the vault is there, is the right one and can be written to. */
	readonly status: 'ready' | 'lowSpace' | 'readOnly' | 'missing';
	/** A sentence when it is not ready. */
	readonly problem: string | null;
	/** `null` where the folder cannot be looked at; so is `totalBytes`. */
	readonly freeBytes: number | null;
	readonly totalBytes: number | null;
	/** Names of the jobs that write to it. */
	readonly jobs: readonly string[];
};

export const listDestinations = action('listDestinations', async (context: Context): Promise<readonly DestinationView[]> => {
	const {destinations} = await context.store.read('destinations');

	return Promise.all(destinations.map(async destination => viewDestination(context, destination)));
});

/**
One destination, by name or id; without either the only one, or the one of the first job.
@throws UserError `notFound`
*/
export const showDestination = action('showDestination', async (context: Context, nameOrId?: string): Promise<DestinationView> => viewDestination(context, await resolveDestination(context, nameOrId)));

const viewDestination = async ({store}: Context, destination: Destination): Promise<DestinationView> => {
	const {jobs} = await store.read('jobs');
	const minFreeBytes = await readSetting(store, 'destination.minFreeBytes');
	const space = readSpace(destination.folder);
	const missing = findProblem(destination, store.isReadOnly);
	const isLow = space.freeBytes !== null && space.freeBytes < minFreeBytes;

	return {
		...destination,
		...space,
		...decideStatus(destination, missing, isLow),
		jobs: jobs.filter(job => job.destination === destination.id).map(({name}) => name),
	};
};

const decideStatus = ({folder, scannedAt}: Destination, missing: string | null, isLow: boolean): Pick<DestinationView, 'status' | 'problem'> => {
	if (missing !== null) {
		return {status: 'missing', problem: missing};
	}

	if (scannedAt !== undefined) {
		return {status: 'readOnly', problem: `The destination ${folder} was found by a scan and is only read, until "holdfast destination adopt" makes it this server's own.`};
	}

	return isLow
		? {status: 'lowSpace', problem: `The destination ${folder} has less free space than destination.minFreeBytes: backups are refused.`}
		: {status: 'ready', problem: null};
};

const findProblem = (destination: Destination, isReadOnly: boolean): string | null => {
	try {
		const problem = findVaultProblem(destination);

		if (problem === undefined && !isReadOnly) {
			accessSync(destination.folder, constants.W_OK);
		}

		return problem ?? null;
	} catch (error) {
		return error instanceof UserError ? error.message : `The destination ${destination.folder} cannot be used: ${(error as Error).message}.`;
	}
};

const readSpace = (folder: string): Pick<DestinationView, 'freeBytes' | 'totalBytes'> => {
	try {
		const {bavail, blocks, bsize} = statfsSync(folder);

		return {freeBytes: bavail * bsize, totalBytes: blocks * bsize};
	} catch {
		// Shown as unknown; why is told by `problem`.
		return {freeBytes: null, totalBytes: null};
	}
};
