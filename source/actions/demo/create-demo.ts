import {
	mkdir,
	readdir,
	readFile,
	writeFile,
} from 'node:fs/promises';
import {join} from 'node:path';
import {UserError} from '../../errors.ts';
import {systemClock} from '../../system/clock.ts';
import type {Context} from '../context.ts';
import {initialize} from '../initialize.ts';
import {openContext} from '../open-context.ts';
import {demoStages, demoTags} from './demo-accounts.ts';
import {liveThrough} from './demo-history.ts';
import {DemoMachine} from './demo-machine.ts';
import {
	type DemoUser,
	demoPassword,
	demoUsers,
	makeUsers,
} from './demo-users.ts';

export type Demo = {
	readonly directory: string;
	readonly stateDirectory: string;
	readonly destination: string;
	/** Names of its live accounts. */
	readonly accounts: readonly string[];
	/** One of each role. */
	readonly users: readonly DemoUser[];
	/** Of all users. */
	readonly password: string;
	/** `false`: it was made before. */
	readonly isNew: boolean;
	readonly context: Context;
};

export type DemoOptions = {
	/** Ends the making. */
	readonly signal: AbortSignal;
	/** Called when a new one is begun: it takes a few seconds. */
	readonly onMaking: () => void;
};

const markName = 'holdfast-demo.json';

/**
Makes a sandbox with users, homes and a history of real backups of its own in a new or empty folder (an absolute path), or opens the one that was made there
before. It touches nothing outside the folder, and needs no root.
@throws UserError `refused` when the folder holds anything else.
*/
export const createDemo = async (directory: string, {signal, onMaking}: DemoOptions): Promise<Demo> => {
	const machine = new DemoMachine(directory);
	const isNew = await isEmpty(directory);

	if (!isNew) {
		await checkMark(directory);
	}

	const context = await openContext({stateDirectory: machine.stateDirectory, isReadOnly: false, isCreating: true});

	if (isNew) {
		onMaking();
		await makeDemo(context, machine, signal);
	}

	return {
		directory, isNew, context, stateDirectory: machine.stateDirectory, destination: machine.destination, accounts: demoStages.last.map(({name}) => name), users: demoUsers, password: demoPassword,
	};
};

const makeDemo = async (context: Context, machine: DemoMachine, signal: AbortSignal): Promise<void> => {
	const {store} = context;
	await machine.setAccounts([]);
	await store.update('settings', undefined, draft => {
		Object.assign(draft.values, machine.places, {'machine.name': 'demo', 'destination.minFreeBytes': 64 * (1024 ** 2)});
	});
	await store.update('tags', undefined, draft => {
		draft.tags = [...demoTags];
	});
	await initialize(context, {destination: machine.destination, recoveryKeyFile: join(machine.directory, 'recovery-key')});
	await liveThrough({
		context, machine, now: systemClock.now(), signal,
	});

	if (signal.aborted) {
		throw new UserError('The sandbox was not finished.', {code: 'interrupted', hint: `Remove ${machine.directory} before the next try.`});
	}

	await describeAccounts(context);
	await makeUsers(context, machine);
	await writeFile(join(machine.directory, markName), `${JSON.stringify({version: 1}, undefined, '\t')}\n`);
};

/** What operators would have noted about the accounts. */
const describeAccounts = async ({store}: Context): Promise<void> => {
	const accounts = new Map([...demoStages.first, ...demoStages.last].map(account => [account.uid, account]));

	await store.update('accounts', undefined, draft => {
		draft.identities = draft.identities.map(identity => {
			const account = accounts.get(identity.uid);

			return {
				...identity, tags: [...account?.tags ?? []], owner: account?.owner ?? null, email: account?.email ?? null,
			};
		});
	});
};

const isEmpty = async (directory: string): Promise<boolean> => {
	await mkdir(directory, {recursive: true, mode: 0o700});
	const names = await readdir(directory);

	return names.length === 0;
};

const checkMark = async (directory: string): Promise<void> => {
	try {
		await readFile(join(directory, markName));
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
			throw error;
		}

		throw new UserError(`The folder ${directory} is not empty, and no finished sandbox.`, {
			code: 'refused',
			hint: 'Name a new folder: holdfast demo DIR. A sandbox that was cut off half-way can be removed.',
		});
	}
};
