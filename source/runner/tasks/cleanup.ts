import type {Destination} from '../../domain/destination.ts';
import type {Finding} from '../../domain/item.ts';
import {countOf, formatBytes} from '../../domain/units.ts';
import type {CleanupResult} from '../../engine/engine.ts';
import {UserError} from '../../errors.ts';
import {applyRetention, describeApplied} from '../apply-retention.ts';
import {emptyOutcome, type TaskOutcome} from '../task-outcome.ts';
import {cleanVaults} from '../clean-vaults.ts';
import {CleanedVaults} from '../cleaned-vaults.ts';
import {forgetCatalogs} from '../forget-catalogs.ts';
import {readVaultsAt, readWritableVault} from '../vault-location.ts';
import type {TaskOf, TaskTools} from './task-tools.ts';
import {forgetUnusedKeys, removeUnusedVaults} from './unused-keys.ts';

/** Takes away what has expired, then frees what no backup needs, at every destination. One that cannot be cleaned up keeps none of the others from it. */
export const runCleanup = async ({request}: TaskOf<'cleanup'>, tools: TaskTools): Promise<TaskOutcome> => {
	const applied = await applyRetention(tools);
	const {destinations} = await tools.store.read('destinations');
	const findings: Finding[] = describeApplied(applied).map(finding => ({...finding, path: ''}));
	const errors: UserError[] = [];
	const removal = applied.problems[0] ?? applied.failed[0]?.error;
	const cleaned = await CleanedVaults.open(tools.store);

	for (const destination of destinations) {
		try {
			const result = await cleanDestination(destination, {...tools, cleaned});
			findings.push(...result.findings, describeCleaned(destination, result));
			errors.push(...result.isDamageMet ? [damaged(destination)] : []);
		} catch (error) {
			if (!(error instanceof UserError) || tools.signal.aborted) {
				throw error;
			}

			findings.push({level: 'problem', path: '', message: error.message});
			errors.push(error);
		}
	}

	await cleaned.save();

	if (request.isForgetting) {
		await forgetCatalogs(tools.store);
		findings.push({level: 'note', path: '', message: 'what this server remembered of backups under keys that their owners keep is removed'});
	}

	await forgetUnusedKeys(tools.store);

	return {
		...emptyOutcome,
		state: removal !== undefined && errors.length === 0 ? 'partial' : decideState(errors.length, destinations.length),
		findings: findings.toSorted((left, right) => Number(right.level === 'problem') - Number(left.level === 'problem')),
		error: describeError([...errors, ...(removal === undefined ? [] : [removal])]),
	};
};

/** Its own vault, and those of accounts' keys, as far as anything changed there. */
const cleanDestination = async ({id}: Destination, {cleaned, store, engine, signal, onProgress}: TaskTools & {readonly cleaned: CleanedVaults}): Promise<CleanupResult> => {
	await readWritableVault({store}, {destination: id});
	await removeUnusedVaults({store}, id);

	return cleanVaults(await readVaultsAt({store}, id), async vault => {
		signal.throwIfAborted();

		return cleaned.cleanUnlessDone(vault, async () => engine().cleanUp({vault}, {signal, onProgress}));
	});
};

const describeCleaned = ({name}: Destination, {freedBytes, droppedPacks, rewrittenPacks}: CleanupResult): Finding => ({
	level: 'note',
	path: '',
	message: `${name}: ${formatBytes(freedBytes)} freed; ${countOf(droppedPacks, 'pack')} deleted, ${countOf(rewrittenPacks, 'pack')} written anew`,
});

const damaged = ({name}: Destination): UserError => new UserError(`Damaged data was met at the destination ${name}; it was left as it is.`, {
	code: 'damaged',
	hint: 'See which backups it belongs to with "holdfast backup verify --read-data".',
});

const decideState = (failed: number, all: number): TaskOutcome['state'] => {
	if (failed === 0) {
		return 'completed';
	}

	return failed === all ? 'failed' : 'partial';
};

/** Damage is told first. */
const describeError = (errors: readonly UserError[]): TaskOutcome['error'] => {
	const error = errors.find(({code}) => code === 'damaged') ?? errors[0];

	return error === undefined ? null : {code: error.code, message: error.message, hint: error.hint ?? null};
};
