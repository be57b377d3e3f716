import * as z from 'zod';
import type {Download} from '../../domain/download.ts';
import {
	count,
	databaseKind,
	identifier,
	itemName,
	selection,
	time,
	uuid,
} from './common.ts';

const part = z.strictObject({name: z.string(), kind: databaseKind.optional()});
const packedItem = z.strictObject({name: itemName, parts: z.array(part)});

export const download: z.ZodType<Download> = z.strictObject({
	id: identifier,
	accountUuid: uuid,
	account: z.string().min(1),
	machine: z.string().min(1).optional(),
	home: z.string().startsWith('/').optional(),
	backup: identifier,
	items: z.array(packedItem),
	selection,
	isPartial: z.boolean(),
	path: z.string().startsWith('/'),
	sizeBytes: count,
	sha256: z.string().regex(/^[\da-f]{64}$/v),
	isEncrypted: z.boolean(),
	createdAt: time,
	expiresAt: time.nullable(),
	fetchCount: count,
	notes: z.string(),
	requestedBy: z.string(),
});
