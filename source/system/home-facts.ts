import {Buffer} from 'node:buffer';
import {statSync} from 'node:fs';
import type {HomeFacts} from '../domain/identity.ts';
import {toBytes, type RawPath} from '../domain/raw-name.ts';

/** What tells one home from another at the same place. Links are followed: where they point is the home. */
export const readHomeFacts = (home: RawPath): HomeFacts => {
	try {
		const facts = statSync(Buffer.from(toBytes(home)), {bigint: true, throwIfNoEntry: false});

		if (facts === undefined) {
			return {type: 'missing', reason: 'its home is missing (not mounted?)'};
		}

		return facts.isDirectory()
			? {type: 'present', inode: String(facts.ino), birthNs: facts.birthtimeNs > 0n ? String(facts.birthtimeNs) : null}
			: {type: 'missing', reason: 'its home is no folder'};
	} catch (error) {
		return {type: 'missing', reason: `its home cannot be looked at: ${(error as Error).message}`};
	}
};
