import {hash} from 'node:crypto';

export type ScratchNames = {
	/** What is imported into. */
	readonly fresh: string;
	/** What was live. */
	readonly old: string;
	readonly login: string;
	/** The login that reads: what a restore that died left to the other one is in nobody's way. */
	readonly reader: string;
};

/** Names for the restore of a database, always the same: what a killed one left is found by the next. */
export const scratchNames = (database: string): ScratchNames => {
	const tail = hash('sha256', database).slice(0, 12);

	return {
		fresh: `holdfast_new_${tail}`, old: `holdfast_old_${tail}`, login: `holdfast_login_${tail}`, reader: `holdfast_reader_${tail}`,
	};
};
