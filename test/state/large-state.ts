import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import type {Context} from '../../source/actions/context.ts';
import {defaultAccountSettings, type Identity} from '../../source/domain/account.ts';
import type {ItemResult} from '../../source/domain/item.ts';
import {allAccounts, type Job} from '../../source/domain/job.ts';
import {openStore} from '../../source/state/open-store.ts';
import {newBackup} from '../domain/new-backup.ts';
import {newTask} from '../runner/new-task.ts';
import {TestMachine, temporaryFolder} from '../sandbox.ts';

export type LargeState = {readonly machine: TestMachine; readonly directory: string; readonly now: Date; readonly context: Context};

export type LargeSize = {readonly accounts: number; readonly jobs: number; readonly backups: number; readonly orphans: number; readonly keep?: number};

const dayMs = 86_400_000;
const id = (kind: string, number: number): string => `${kind}${String(number).padStart(16 - kind.length, '0')}`;
const uuid = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** The state of a large server, written at once and without homes: what lists and screens have to cope with. */
export const largeState = async (t: ExecutionContext, size: LargeSize, now = new Date('2026-11-20T12:00:00.000Z')): Promise<LargeState> => {
	const machine = new TestMachine(await temporaryFolder(t));
	const directory = machine.path('state');
	await writeLargeState(machine, size, now);
	const store = await openStore({directory, isReadOnly: true});

	return {
		machine, directory, now, context: {
			store, clock: {now: () => now}, isReadOnly: true, actor: {name: 'root', role: 'administrator'},
		},
	};
};

/** Of each account the backups of as many days, and the task of the last night. */
export const writeLargeState = async (machine: TestMachine, size: LargeSize, now: Date): Promise<void> => {
	const directory = machine.path('state');
	const names = Array.from({length: size.accounts}, (_, index) => `user${String(index).padStart(5, '0')}`);
	await machine.setAccounts(names.slice(size.orphans).map((name, index) => ({name, uid: 2000 + size.orphans + index, hasHome: false})));
	await mkdir(directory, {mode: 0o700});
	await Promise.all(['backups', 'tasks'].map(async folder => mkdir(join(directory, folder), {mode: 0o700})));

	const save = async (path: string, data: object): Promise<void> => writeFile(join(directory, path), `${JSON.stringify({version: 1, ...data}, undefined, '\t')}\n`, {mode: 0o600});
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
		inactiveSince: index < size.orphans ? new Date(now.getTime() - (50 * dayMs)).toISOString() : null,
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
		schedules: ['daily@02:30', 'weekly/sun@04:00', 'monthly/1,last@05:00', 'hourly/6'].map((when, number) => ({id: id('s', (index * 4) + number), when, keep: size.keep ?? 7})),
		excludes: [],
		manualRetain: 14,
	}));

	await save('settings.json', {values: machine.settings});
	await save('accounts.json', {identities});
	await save('jobs.json', {jobs});
	await save('tags.json', {tags: Array.from({length: 20}, (_, index) => ({name: `tag${index}`, color: '#3366cc'}))});
	await save('destinations.json', {
		destinations: [{
			id: id('d', 1), name: 'local', type: 'local', folder: machine.path('vault'),
		}],
	});

	for (const [index, {uuid: accountUuid, name}] of identities.entries()) {
		const job = `job${index % size.jobs}`;
		const schedules = [id('s', (index % size.jobs) * 4)];
		const shared = {
			accountUuid, account: name, machine: 'web1', home: machine.home(name), job, schedules, destination: id('d', 1), items,
		};
		const backups = Array.from({length: size.backups}, (_, number) => newBackup({...shared, createdAt: new Date(now.getTime() - ((number + 1) * dayMs)).toISOString()}));
		await save(`backups/${accountUuid}.json`, {backups});

		const queuedAt = new Date(now.getTime() - dayMs + (index * 1000)).toISOString();
		const request = {
			kind: 'backup', backupKind: 'scheduled', job, schedules, items: ['homedir'],
		} as const;
		await save(`tasks/${accountUuid}.json`, {
			tasks: [newTask(name, {
				id: id('t', index), accountUuid, queuedAt, startedAt: queuedAt, endedAt: queuedAt, priority: 50, state: 'completed', requestedBy: 'schedule', request, items, backup: backups[0]!.id,
			})],
		});
	}
};

const items = (['config', 'homedir', 'cron', 'databases'] as const).map((name): ItemResult => ({
	name, status: 'complete', sizeBytes: 1000, fileCount: 3, error: null, parts: [{
		name, status: 'complete', sizeBytes: 1000, error: null,
	}],
}));
