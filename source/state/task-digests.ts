import {digestTasks, type TaskDigest} from '../domain/task-digest.ts';
import {
	readDigests,
	renewDigests,
	type DigestKind,
	type DigestReading,
	type RenewOptions,
} from './digests.ts';
import type {Store} from './store.ts';

const taskDigests: DigestKind<'tasks', TaskDigest> = {
	name: 'tasks', file: 'tasks', version: 2, isRemembered: true, digest: ({tasks}) => digestTasks(tasks),
};

/** By key: the UUID of an account, or that of tasks that belong to none. */
export const readTaskDigests = async (store: Store, keys?: readonly string[]): Promise<ReadonlyMap<string, DigestReading<TaskDigest>>> => readDigests(store, taskDigests, keys);

/** Makes what is missing. */
export const renewTaskDigests = async (store: Store, options?: RenewOptions): Promise<void> => renewDigests(store, [taskDigests], options);
