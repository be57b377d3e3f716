/** What exchanging a database is about to change, on disk before it is changed: after a crash it is brought to its end, or undone. */
import {join} from 'node:path';
import * as z from 'zod';
import {Journal} from '../../state/journal.ts';

const object = z.strictObject({
	type: z.enum(['VIEW', 'PROCEDURE', 'FUNCTION', 'TRIGGER', 'EVENT']),
	name: z.string(),
	definer: z.strictObject({user: z.string(), host: z.string()}),
	statement: z.string(),
	session: z.record(z.string(), z.string()),
});

const swap = z.strictObject({
	version: z.literal(1),
	kind: z.enum(['mysql', 'postgresql']),
	name: z.string(),
	fresh: z.string(),
	old: z.string(),
	/** Tables of the live database and of the one that replaces it; PostgreSQL renames the whole. */
	tables: z.strictObject({live: z.int(), fresh: z.int()}).nullable(),
	/** What stands beside the tables, live and in the one that replaces it; it cannot be renamed with them. */
	objects: z.strictObject({live: z.array(object), fresh: z.array(object)}).nullable(),
});

/** One exchange that was begun. */
export type Swap = z.infer<typeof swap>;

export type SwapJournal = Journal<Swap, Pick<Swap, 'kind' | 'fresh'>>;

export const openSwapJournal = (stateDirectory: string): SwapJournal => new Journal({folder: join(stateDirectory, 'swaps'), schema: swap, nameOf: ({kind, fresh}) => `${kind}-${fresh}`});
