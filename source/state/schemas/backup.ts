import * as z from 'zod';
import type {Backup} from '../../domain/backup.ts';
import {
	count,
	identifier,
	itemResult,
	keyId,
	keyKind,
	time,
	uuid,
} from './common.ts';

export const backup: z.ZodType<Backup> = z.strictObject({
	id: identifier,
	accountUuid: uuid,
	account: z.string().min(1),
	// Not there in records of before rights.
	machine: z.string().min(1).optional(),
	home: z.string().startsWith('/').optional(),
	createdAt: time,
	kind: z.enum(['scheduled', 'manual', 'onDemand', 'safety', 'imported']),
	status: z.enum(['complete', 'partial', 'damaged']),
	structure: z.enum(['incremental', 'archived', 'compressed']),
	job: z.string().nullable(),
	schedules: z.array(z.string()),
	locked: z.boolean(),
	lockedUntil: time.nullable(),
	encrypted: z.boolean(),
	keyKind: keyKind.nullable(),
	keyId: keyId.optional(),
	destination: identifier,
	sizeBytes: count,
	storedBytes: count,
	fileCount: count,
	items: z.array(itemResult),
});
