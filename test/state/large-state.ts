import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import type {Context} from '../../source/actions/context.ts';
import {defaultAccountSettings, type Identity} from '../../source/domain/account.ts';
import {allAccounts, type Job} from '../../source/domain/job.ts';
import {openStore} from '../../source/state/open-store.ts';
import {newBackup} from '../domain/new-backup.ts';
import {TestMachine, temporaryFolder} from '../sandbox.ts';

export type LargeState = {readonly machine: TestMachine; readonly context: Context; readonly now: Date};

export type LargeSize = {readonly accounts: number; readonly jobs: number; readonly backups: number; readonly orphans: number};

const dayMs = 86_400_000;
const id = (kind: string, number: number): string => `${kind}${String(number).padStart(16 - kind.length, '0')}`;
const uuid = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** The state of a large server, written at once and without homes: what lists and screens have to cope with. */
export const largeState = async (t: ExecutionContext, size: LargeSize): Promise<LargeState> => {
	const machine = new TestMachine(await temporaryFolder(t));
	const directory = machine.path('state');
	const now = new Date('2026-11-20T12:00:00.000Z');
	const names = Array.from({length: size.accounts}, (_, index) => `user${String(index).padStart(5, '0')}`);
	await machine.setAccounts(names.slice(size.orphans).map((name, index) => ({name, uid: 2000 + size.orphans + index, hasHome: false})));
	await mkdir(join(directory, 'backups'), {recursive: true, mode: 0o700});

	const save = async (path: string, data: object): Promise<void> => writeFile(join(directory, path), JSON.stringify({version: 1, ...data}), {mode: 0o600});
	const identities = names.map((name, index): Identity => ({
		...defaultAccountSettings,
		uuid: uuid(index),
		name,
		uid: 2000 + index,
		gid: 2000 + index,
		home: machine.home(name),
		homeInode: null,
		homeBirthNs: null,
		firstSeenAt: '2024-01-01T00:00:00.000Z',
		lastSeenAt: now.toISOString(),
		inactiveSince: index < size.orphans ? '2026-10-01T00:00:00.000Z' : null,
		hadBackupAt: null,
		status: index < size.orphans ? 'inactive' : 'active',
		tags: [`tag${index % 20}`],
	}));
	const jobs = Array.from({length: size.jobs}, (_, index): Job => ({
		name: `job${index}`,
		accounts: {...allAccounts, isAll: index === 0, tags: [`tag${index % 20}`]},
		items: ['homedir'],
		structure: 'incremental',
		destination: id('d', 1),
		encrypted: false,
		enabled: true,
		schedules: ['daily@02:30', 'weekly/sun@04:00', 'monthly/1,last@05:00', 'hourly/6'].map((when, number) => ({id: id('s', (index * 4) + number), when, keep: 7})),
		excludes: [],
		manualRetain: 14,
	}));

	await save('settings.json', {values: machine.settings});
	await save('accounts.json', {identities});
	await save('jobs.json', {jobs});
	await save('destinations.json', {
		destinations: [{
			id: id('d', 1), name: 'local', type: 'local', folder: machine.path('vault'),
		}],
	});
	await Promise.all(identities.map(async ({uuid: accountUuid, name}, index) => save(`backups/${accountUuid}.json`, {
		backups: Array.from({length: size.backups}, (_, number) => newBackup({
			accountUuid, account: name, createdAt: new Date(now.getTime() - ((number + 1) * dayMs)).toISOString(), job: `job${index % size.jobs}`, schedules: [id('s', (index % size.jobs) * 4)], destination: id('d', 1),
		})),
	})));

	const store = await openStore({directory, isReadOnly: true});

	return {
		machine, now, context: {
			store, clock: {now: () => now}, isReadOnly: true, actor: {name: 'root', role: 'administrator'},
		},
	};
};
