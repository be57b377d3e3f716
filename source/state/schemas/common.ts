import * as z from 'zod';
import {isIdentifier, isUuid} from '../../domain/identifier.ts';
import {itemNames} from '../../domain/item.ts';

/** ISO 8601, UTC, milliseconds: the one form in which Holdfast writes times. */
export const time = z.string().regex(/^[+\-]?\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/v);
export const identifier = z.string().refine(isIdentifier, 'not an id');
export const uuid = z.string().refine(isUuid, 'not a UUID');
export const count = z.int().nonnegative();
export const itemName = z.enum(itemNames);
const itemStatus = z.enum(['complete', 'partial', 'failed', 'absent', 'skipped']);

const selectionRule = z.strictObject({path: z.string(), isIncluded: z.boolean()});
export const selection = z.strictObject({rules: z.array(selectionRule), excludes: z.array(z.string())});

/** Of an account's key. */
export const keyId = z.string().regex(/^[\da-f]{32}$/v);
/** Of a public key. */
export const fingerprint = z.string().regex(/^[\da-f]{40,64}$/v);
export const keyKind = z.enum(['local', 'remote']);

export const databaseKind = z.enum(['mysql', 'postgresql']);

const partResult = z.strictObject({
	name: z.string(),
	kind: databaseKind.optional(),
	status: itemStatus,
	sizeBytes: count,
	error: z.string().nullable(),
});

export const itemResult = z.strictObject({
	name: itemName,
	status: itemStatus,
	parts: z.array(partResult),
	sizeBytes: count,
	fileCount: count,
	error: z.string().nullable(),
});
