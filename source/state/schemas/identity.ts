import * as z from 'zod';
import {encryptionPreferences, type Identity} from '../../domain/account.ts';
import {count, time, uuid} from './common.ts';

export const identity: z.ZodType<Identity> = z.strictObject({
	uuid,
	name: z.string().min(1),
	uid: count,
	gid: count,
	home: z.string(),
	homeInode: z.string().regex(/^\d+$/v).nullable(),
	homeBirthNs: z.string().regex(/^-?\d+$/v).nullable(),
	firstSeenAt: time,
	lastSeenAt: time,
	inactiveSince: time.nullable(),
	hadBackupAt: time.nullable(),
	status: z.enum(['active', 'suspended', 'inactive']),
	owner: z.string().nullable(),
	email: z.string().nullable(),
	tags: z.array(z.string()),
	priorityGroup: z.string().nullable(),
	maxOnDemand: z.union([z.literal('global'), z.int().min(0).max(99)]),
	excludes: z.array(z.string()),
	domains: z.array(z.string()),
	databases: z.array(z.string()),
	mailboxes: z.array(z.string()),
	encryption: z.strictObject({
		preference: z.enum(encryptionPreferences),
		key: z.enum(['none', 'local', 'remote']),
	}),
});
