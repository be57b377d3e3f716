/**
What the state's files hold. One file per collection (`accounts.json`), or a folder with one file per key (`backups/<account uuid>.json`,
`finished-tasks/2026-11-22.json`). Unknown fields are refused: reading a file as less than it is would lose what was not understood.
*/
import * as z from 'zod';
import {defaultPriorityGroups} from '../domain/priority-group.ts';
import {isUuid} from '../domain/identifier.ts';
import {serverTasksKey} from '../domain/task.ts';
import {accountKey} from './schemas/account-key.ts';
import {backup} from './schemas/backup.ts';
import {
	clockMemory,
	condition,
	destination,
	failedSignIns,
	job,
	priorityGroup,
	schedulerMemory,
	scannedKeys,
	secretKey,
	settingValues,
	tag,
	user,
} from './schemas/configuration.ts';
import {download} from './schemas/download.ts';
import {identity} from './schemas/identity.ts';
import {task} from './schemas/task.ts';

export type Migration = (data: Record<string, unknown>) => Record<string, unknown>;

export type Definition<Data> = {
	/** Without the version, which every file has beside it. */
	readonly schema: z.ZodType<Data>;
	/** What a collection without a file holds. */
	readonly empty: () => NoInfer<Data>;
	/** For a collection with one file per key: which keys there can be. */
	readonly isKey?: (key: string) => boolean;
	/** `migrations[0]` makes version 2 out of version 1, and so on. */
	readonly migrations: readonly Migration[];
};

const define = <Data>(definition: Definition<Data>): Definition<Data> => definition;

/** A day; a month where it was written before there were files of days. */
const isDay = (key: string): boolean => /^\d{4}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?$/v.test(key);

export const definitions = {
	accounts: define({schema: z.strictObject({identities: z.array(identity)}), empty: () => ({identities: []}), migrations: []}),
	'account-keys': define({schema: z.strictObject({keys: z.array(accountKey)}), empty: () => ({keys: []}), migrations: []}),
	settings: define({schema: z.strictObject({values: settingValues}), empty: () => ({values: {}}), migrations: []}),
	destinations: define({schema: z.strictObject({destinations: z.array(destination)}), empty: () => ({destinations: []}), migrations: []}),
	jobs: define({schema: z.strictObject({jobs: z.array(job)}), empty: () => ({jobs: []}), migrations: []}),
	users: define({schema: z.strictObject({users: z.array(user)}), empty: () => ({users: []}), migrations: []}),
	'failed-sign-ins': define({schema: z.strictObject({names: z.array(failedSignIns)}), empty: () => ({names: []}), migrations: []}),
	tags: define({schema: z.strictObject({tags: z.array(tag)}), empty: () => ({tags: []}), migrations: []}),
	conditions: define({schema: z.strictObject({conditions: z.array(condition)}), empty: () => ({conditions: []}), migrations: []}),
	scheduler: define({schema: schedulerMemory, empty: () => ({schedules: [], runs: []}), migrations: []}),
	clock: define({schema: clockMemory, empty: () => ({seenAt: null, jump: null}), migrations: []}),
	groups: define({schema: z.strictObject({groups: z.array(priorityGroup)}), empty: () => ({groups: [...defaultPriorityGroups]}), migrations: []}),
	keys: define({
		// `scanned`: what opens the destinations that a scan found and nobody adopted, by their id.
		schema: z.strictObject({masterKey: secretKey.nullable(), recoveryKey: secretKey.nullable(), scanned: scannedKeys}),
		empty: () => ({masterKey: null, recoveryKey: null}),
		migrations: [],
	}),
	backups: define({
		schema: z.strictObject({backups: z.array(backup)}), empty: () => ({backups: []}), isKey: isUuid, migrations: [],
	}),
	downloads: define({schema: z.strictObject({downloads: z.array(download)}), empty: () => ({downloads: []}), migrations: []}),
	tasks: define({
		schema: z.strictObject({tasks: z.array(task)}), empty: () => ({tasks: []}), isKey: key => key === serverTasksKey || isUuid(key), migrations: [],
	}),
	'finished-tasks': define({
		schema: z.strictObject({tasks: z.array(task)}), empty: () => ({tasks: []}), isKey: isDay, migrations: [],
	}),
};

export type CollectionName = keyof typeof definitions;
export type Collections = {[Name in CollectionName]: z.output<(typeof definitions)[Name]['schema']>};
