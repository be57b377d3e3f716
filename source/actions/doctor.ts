import {definitions, type CollectionName} from '../state/schema.ts';
import {checkItems} from '../items/check-items.ts';
import {refreshAccounts} from '../state/refresh-accounts.ts';
import {UserError} from '../errors.ts';
import {checkMachine, type Check} from '../system/machine-checks.ts';
import {requirePermission} from './action.ts';
import type {Context} from './context.ts';
import {listDestinations, type DestinationView} from './destinations.ts';

export type DoctorReport = {readonly checks: readonly Check[]};

const collections = Object.keys(definitions) as readonly CollectionName[];
const keyedCollections = collections.filter(name => definitions[name].isKey !== undefined);
const plainCollections = collections.filter(name => !keyedCollections.includes(name));

/** Checks the surroundings and the state; `context` is why there is none, where the state cannot be opened. */
export const runDoctor = async (context: Context | UserError): Promise<DoctorReport> => {
	const machine = checkMachine();

	if (context instanceof UserError) {
		return {
			checks: [...machine, {
				name: 'state', status: context.code === 'notFound' ? 'absent' : 'problem', message: context.message, hint: context.hint ?? null,
			}],
		};
	}

	await requirePermission(context, 'runDoctor');
	const state = await checkState(context);
	const isSound = state.every(({status}) => status !== 'problem');

	// What is read from a damaged state would only repeat its damage.
	return {checks: [...machine, ...state, ...(isSound ? [await checkAccounts(context), ...await checkItems(context.store), ...await checkDestinations(context), await checkClock(context)] : [])]};
};

const checkState = async ({store}: Context): Promise<readonly Check[]> => {
	const files: Array<readonly [CollectionName, string | undefined]> = plainCollections.map(name => [name, undefined]);

	for (const name of keyedCollections) {
		for (const key of await store.keys(name)) {
			files.push([name, key]);
		}
	}

	const problems: Check[] = [];

	for (const [name, key] of files) {
		try {
			await store.read(name, key);
		} catch (error) {
			if (!(error instanceof UserError)) {
				throw error;
			}

			problems.push({
				name: 'state', status: 'problem', message: error.message, hint: error.hint ?? null,
			});
		}
	}

	return problems.length > 0
		? problems
		: [{
			name: 'state', status: 'ok', message: `Every file in ${store.directory} is sound.`, hint: null,
		}];
};

const checkAccounts = async ({store, clock}: Context): Promise<Check> => {
	const {identities, problems} = await refreshAccounts(store, {clock});
	const count = identities.filter(({status}) => status !== 'inactive').length;

	return problems.length === 0
		? {
			name: 'accounts', status: count === 0 ? 'warning' : 'ok', message: `${count} found.`, hint: count === 0 ? 'Accounts are users with a UID and GID from 1000 to accounts.uidMax.' : null,
		}
		: {
			name: 'accounts', status: 'problem', message: problems.join(' '), hint: 'See where they are read from with "holdfast setting get accounts.passwd".',
		};
};

const checkDestinations = async (context: Context): Promise<readonly Check[]> => {
	const destinations = await listDestinations(context);

	return destinations.map(({name, folder, status, problem}): Check => problem === null
		? {
			name: `destination ${name}`, status: 'ok', message: `${folder} is there and can be written to.`, hint: null,
		}
		: {
			name: `destination ${name}`, status: status === 'missing' ? 'problem' : 'warning', message: problem, hint: hints[status],
		});
};

const hints: Readonly<Record<DestinationView['status'], string | null>> = {
	ready: null,
	lowSpace: 'Make room there.',
	readOnly: 'When the server that had it is gone: "holdfast destination adopt".',
	missing: 'Mount it, or mend its permissions.',
};

/** A clock that is behind makes new backups older than old ones. */
const checkClock = async (context: Context): Promise<Check> => {
	const now = context.clock.now().toISOString();
	let newest = '';

	for (const key of await context.store.keys('backups')) {
		const {backups} = await context.store.read('backups', key);

		for (const {createdAt} of backups) {
			if (createdAt > newest) {
				newest = createdAt;
			}
		}
	}

	return newest > now
		? {
			name: 'clock', status: 'problem', message: `It is ${now} by the clock, but the newest backup was made at ${newest}.`, hint: 'Set the clock, best by NTP.',
		}
		: {
			name: 'clock', status: 'ok', message: `It is ${now}.`, hint: null,
		};
};
