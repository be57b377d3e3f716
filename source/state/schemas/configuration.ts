import * as z from 'zod';
import type {ClockMemory} from '../../domain/clock-trust.ts';
import type {Condition} from '../../domain/condition.ts';
import type {Destination} from '../../domain/destination.ts';
import type {Job} from '../../domain/job.ts';
import type {PriorityGroup} from '../../domain/priority-group.ts';
import {plugins, type FullPath} from '../../domain/full-path.ts';
import type {Rights} from '../../domain/rights.ts';
import type {JobRun, SchedulerMemory} from '../../domain/scheduling.ts';
import type {Tag} from '../../domain/tag.ts';
import {
	roles,
	type FailedSignIns,
	type PasswordHash,
	type User,
} from '../../domain/user.ts';
import {
	identifier,
	itemName,
	time,
	uuid,
} from './common.ts';

export const destination: z.ZodType<Destination> = z.strictObject({
	id: identifier,
	name: z.string().min(1),
	type: z.literal('local'),
	folder: z.string().startsWith('/'),
	scannedAt: time.optional(),
});

const jobAccounts = z.strictObject({
	isAll: z.boolean(),
	accounts: z.array(uuid),
	tags: z.array(z.string()),
	owners: z.array(z.string()),
	exclusions: z.array(uuid),
});
const schedule = z.strictObject({id: identifier, when: z.string(), keep: z.int().min(1)});

export const job: z.ZodType<Job> = z.strictObject({
	name: z.string().min(1),
	accounts: jobAccounts,
	items: z.array(itemName),
	structure: z.enum(['incremental', 'archived', 'compressed']),
	destination: identifier,
	encrypted: z.boolean(),
	enabled: z.boolean(),
	schedules: z.array(schedule),
	excludes: z.array(z.string()),
	manualRetain: z.int().min(1),
});

export const priorityGroup: z.ZodType<PriorityGroup> = z.strictObject({
	name: z.string().min(1),
	backup: z.number(),
	restore: z.number(),
	download: z.number(),
	tags: z.array(z.string()),
	isDefault: z.boolean(),
});

export const condition: z.ZodType<Condition> = z.strictObject({id: identifier, text: z.string().min(1)});

export const tag: z.ZodType<Tag> = z.strictObject({
	name: z.string().min(1),
	color: z.string().regex(/^#[\da-f]{6}$/v),
});

const covered: z.ZodType<SchedulerMemory['schedules'][number]> = z.strictObject({id: identifier, coveredUntil: time, dueAt: time.optional()});
const run: z.ZodType<JobRun> = z.strictObject({job: z.string(), startedAt: time, endedAt: time.nullable()});

export const clockMemory: z.ZodType<ClockMemory> = z.strictObject({seenAt: time.nullable(), jump: z.strictObject({from: time, to: time}).nullable()});

export const schedulerMemory = z.strictObject({schedules: z.array(covered), runs: z.array(run)});

const passwordHash: z.ZodType<PasswordHash> = z.strictObject({
	algorithm: z.literal('scrypt'),
	cost: z.int().min(2),
	blockSize: z.int().min(1),
	parallelization: z.int().min(1),
	salt: z.base64().min(1),
	hash: z.base64().min(44),
});
const fullPath: z.ZodType<FullPath> = z.strictObject({
	machine: z.string().min(1),
	plugin: z.enum(plugins).nullable(),
	volume: z.string().nullable(),
	components: z.array(z.string().min(1)).nullable(),
});
const effect = z.enum(['allow', 'deny']);
const rights: z.ZodType<Rights> = z.strictObject({default: effect, exceptions: z.array(z.strictObject({path: fullPath, effect}))});
const username = z.string().regex(/^[a-z][\-.0-9_a-z]{0,31}$/v);

export const user: z.ZodType<User> = z.strictObject({
	name: username,
	role: z.enum(roles),
	email: z.string().nullable(),
	lastSignInAt: time.nullable(),
	password: passwordHash,
	rights,
});

export const failedSignIns: z.ZodType<FailedSignIns> = z.strictObject({name: username, count: z.int().min(1), lastAt: time});

export const settingValues = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** 32 bytes as base64. */
export const secretKey = z.base64().length(44);

/** By destination. */
export const scannedKeys = z.record(identifier, secretKey).optional();
