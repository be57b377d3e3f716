import * as z from 'zod';
import type {DownloadRequest} from '../../domain/download.ts';
import type {RestoreRequest} from '../../domain/restore.ts';
import type {RollbackRequest} from '../../domain/rollback.ts';
import type {Task, TaskRequest} from '../../domain/task.ts';
import {roles} from '../../domain/user.ts';
import {
	count,
	fingerprint,
	identifier,
	itemName,
	itemResult,
	keyId,
	selection,
	time,
	uuid,
} from './common.ts';

const originalTarget = z.strictObject({type: z.literal('original')});
const folderTarget = z.strictObject({type: z.literal('folder'), path: z.string().startsWith('/')});

const partNames = z.array(z.string()).nullable();
const itemChoice = z.strictObject({name: itemName, parts: partNames, backup: identifier.nullable()});

const acceptedCondition = z.strictObject({
	id: identifier, text: z.string(), acceptedBy: z.string(), acceptedAt: time,
});

const restoreRequest: z.ZodType<RestoreRequest> = z.strictObject({
	backup: identifier,
	items: z.array(itemChoice).optional(),
	selection,
	target: z.discriminatedUnion('type', [originalTarget, folderTarget]),
	isMerge: z.boolean(),
	isMirror: z.boolean().optional(),
	isTerminating: z.boolean().optional(),
	isSuspending: z.boolean().optional(),
	accepted: z.array(acceptedCondition).optional(),
	isSafetyBackupMade: z.boolean().optional(),
	isStrict: z.boolean().optional(),
});

const broughtItem = z.strictObject({name: itemName, parts: z.array(z.string()), backup: identifier});

const rollbackRequest: z.ZodType<RollbackRequest> = z.strictObject({
	task: identifier,
	safetyBackup: identifier,
	brought: z.array(broughtItem),
	selection,
});

const downloadRequest: z.ZodType<DownloadRequest> = z.strictObject({
	backup: identifier,
	items: z.array(itemChoice).optional(),
	selection,
	notes: z.string(),
	recipient: z.string().nullable(),
});

const verifiedShare = z.strictObject({number: z.int().min(0), of: z.int().min(1)});

const importedPackage = z.strictObject({file: z.string().startsWith('/'), destination: identifier});

const taskRequest: z.ZodType<TaskRequest> = z.discriminatedUnion('kind', [
	z.strictObject({
		kind: z.literal('backup'),
		backupKind: z.enum(['manual', 'onDemand', 'scheduled', 'safety', 'imported']),
		job: z.string().nullable(),
		// Not there in tasks of before schedules.
		schedules: z.array(identifier).default([]),
		items: z.array(itemName),
		package: importedPackage.optional(),
	}),
	z.strictObject({kind: z.literal('restore'), restore: restoreRequest}),
	z.strictObject({kind: z.literal('download'), download: downloadRequest}),
	z.strictObject({kind: z.literal('rollback'), rollback: rollbackRequest}),
	z.strictObject({
		kind: z.literal('verify'), backup: identifier.nullable(), isDataRead: z.boolean(), share: verifiedShare.optional(),
	}),
	z.strictObject({kind: z.literal('cleanup'), isForgetting: z.boolean().optional(), resetKeys: z.array(keyId).optional()}),
	z.strictObject({kind: z.literal('assign'), from: uuid}),
]);

const stepTotal = z.strictObject({count, bytes: count});
const finding = z.strictObject({level: z.enum(['note', 'problem']), path: z.string(), message: z.string()});

export const task: z.ZodType<Task> = z.strictObject({
	id: identifier,
	kind: z.enum(['backup', 'restore', 'download', 'verify', 'cleanup', 'assign', 'rollback']),
	account: z.string().nullable(),
	accountUuid: uuid.nullable(),
	state: z.enum(['pending', 'running', 'completed', 'partial', 'failed', 'aborted', 'interrupted']),
	priority: z.number().nullable(),
	queuedAt: time,
	startedAt: time.nullable(),
	endedAt: time.nullable(),
	requestedBy: z.string(),
	askedAs: z.enum(roles).optional(),
	request: taskRequest,
	keysNeeded: z.array(fingerprint).optional(),
	items: z.array(itemResult),
	backup: identifier.nullable(),
	download: identifier.nullable(),
	safetyBackup: identifier.nullable(),
	within: z.strictObject({items: z.array(itemChoice), selection}).optional(),
	laterSafetyBackup: identifier.nullable().optional(),
	summary: z.strictObject({
		created: stepTotal,
		overwritten: stepTotal,
		kept: stepTotal,
		liveOnly: stepTotal,
		// Not there in tasks of before anything was deleted.
		deleted: stepTotal.default({count: 0, bytes: 0}),
		failed: stepTotal,
	}).nullable(),
	findings: z.array(finding).max(1000),
	error: z.strictObject({code: z.string(), message: z.string(), hint: z.string().nullable()}).nullable(),
});
