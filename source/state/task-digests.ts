import * as z from 'zod';
import {digestTasks, type TaskDigest} from '../domain/task-digest.ts';
import {readDigests, type DigestKind, type DigestReading} from './digests.ts';
import {time} from './schemas/common.ts';
import type {Store} from './store.ts';

const taskDigests: DigestKind<'tasks', TaskDigest> = {
	name: 'tasks',
	version: 1,
	schema: z.strictObject({hasUnfinished: z.boolean(), hasTrouble: z.boolean(), lastEndedAt: time.nullable()}),
	digest: ({tasks}) => digestTasks(tasks),
};

/** By key: the UUID of an account, or that of tasks that belong to none. */
export const readTaskDigests = async (store: Store, keys?: readonly string[]): Promise<ReadonlyMap<string, DigestReading<TaskDigest>>> => readDigests(store, taskDigests, keys);
