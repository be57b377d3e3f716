import {digestTasks, type TaskDigest} from '../domain/task-digest.ts';
import {
	readDigests,
	renewDigests,
	type DigestKind,
	type DigestOptions,
	type DigestReading,
} from './digests.ts';
import type {Store} from './store.ts';

const taskDigests: DigestKind<'tasks', TaskDigest> = {
	name: 'tasks', file: 'tasks', version: 2, isRemembered: true, digest: ({tasks}) => digestTasks(tasks),
};

/** By key: the UUID of an account, or that of tasks that belong to none. */
export const readTaskDigests = async (store: Store, options?: DigestOptions): Promise<ReadonlyMap<string, DigestReading<TaskDigest>>> => readDigests(store, taskDigests, options);

/** Makes what is missing. */
export const renewTaskDigests = async (store: Store): Promise<void> => renewDigests(store, [taskDigests]);
