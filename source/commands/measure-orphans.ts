import type {Context} from '../actions/context.ts';
import {measureOrphans} from '../actions/measure-orphans.ts';
import type {OrphanView} from '../domain/orphan.ts';
import {UserError} from '../errors.ts';

/** What cannot be measured is shown as unknown, and why is told. */
export const tryMeasure = async (context: Context, orphans: readonly OrphanView[], signal: AbortSignal): Promise<{readonly orphans: readonly OrphanView[]; readonly failure?: UserError}> => {
	try {
		return {orphans: await measureOrphans(context, orphans, {signal})};
	} catch (error) {
		if (error instanceof UserError && error.code !== 'interrupted') {
			return {orphans, failure: error};
		}

		throw error;
	}
};
