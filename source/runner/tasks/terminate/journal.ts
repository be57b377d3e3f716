/** What terminating an account has changed so far, on disk before it is changed: whoever finds it after a crash can undo it. */
import {join} from 'node:path';
import * as z from 'zod';
import {Journal} from '../../../state/journal.ts';

const termination = z.strictObject({
	version: z.literal(1),
	task: z.string(),
	accountUuid: z.string(),
	uid: z.int(),
	/** Raw. */
	home: z.string(),
	/** Decimal. */
	homeInode: z.string(),
	/** `locked`: the home is as it was. `settingAside`: things move out of the home or back, and nothing was restored. `restoring`: what is in the home is restored, but for what was kept. `verified`: it is restored whole. */
	stage: z.enum(['locked', 'settingAside', 'restoring', 'verified']),
	/** Paths that stay in the home: what the backup could not hold. */
	kept: z.array(z.string()),
	/** Of the home itself, as it was. */
	root: z.strictObject({
		mode: z.int(), uid: z.int(), gid: z.int(), modifiedNs: z.string(),
	}),
	/** Raw: the line that shadow gets when all is over; `null`: it has none. */
	shadow: z.string().nullable(),
	isSuspending: z.boolean(),
});

/** One that was begun. */
export type Begun = z.infer<typeof termination>;

type TerminationJournal = Journal<Begun, Pick<Begun, 'task'>>;

export const openTerminationJournal = (stateDirectory: string): TerminationJournal => new Journal({folder: join(stateDirectory, 'terminations'), schema: termination, nameOf: ({task}) => task});
