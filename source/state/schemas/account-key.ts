import * as z from 'zod';
import type {AccountKey} from '../../domain/account-key.ts';
import {
	fingerprint,
	keyId,
	keyKind,
	time,
	uuid,
} from './common.ts';

export const accountKey: z.ZodType<AccountKey> = z.strictObject({
	id: keyId,
	accountUuid: uuid,
	kind: keyKind,
	createdAt: time,
	retiredAt: time.nullable(),
	publicKey: z.string().startsWith('-----BEGIN PGP PUBLIC KEY BLOCK-----').nullable(),
	fingerprint: fingerprint.nullable(),
});
