import type * as z from 'zod';
import type {Migration} from './schema.ts';
import {StateDamage} from './state-damage.ts';

export type StateFormat<Data> = {
	readonly schema: z.ZodType<Data>;
	readonly migrations: readonly Migration[];
};

/** The version that this Holdfast writes. */
const currentVersion = (format: Pick<StateFormat<unknown>, 'migrations'>): number => format.migrations.length + 1;

/**
What a state file holds, brought to the current version.
@throws StateDamage for anything that is not wholly understood: it must never be read as less, nor written over.
*/
export const parseStateFile = <Data>(text: string, format: StateFormat<Data>): Data => {
	const {version, ...stored} = parseDocument(text);

	if (!Number.isSafeInteger(version) || (version as number) < 1) {
		throw damaged('it does not say its version');
	}

	const newest = currentVersion(format);

	if ((version as number) > newest) {
		throw new StateDamage(
			`was written by a newer Holdfast (version ${String(version)}; this one understands up to ${newest})`,
			'Nothing was changed. Install that newer Holdfast again.',
		);
	}

	return checkData(migrate(stored, format.migrations.slice((version as number) - 1)), format.schema);
};

/** The text of a state file; the data must have passed `checkData`. */
export const formatStateFile = (data: object, format: Pick<StateFormat<unknown>, 'migrations'>): string =>
	`${JSON.stringify({version: currentVersion(format), ...data}, undefined, '\t')}\n`;

/**
The data, with what the schema says of it as its type.
@throws StateDamage with the first thing that is wrong.
*/
export const checkData = <Data>(data: unknown, schema: z.ZodType<Data>): Data => {
	const result = schema.safeParse(data);

	if (result.success) {
		return result.data;
	}

	const [issue] = result.error.issues;
	const place = issue?.path.join('.') ?? '';

	throw damaged(`${place === '' ? '' : `${place}: `}${issue?.message ?? 'unknown content'}`);
};

const parseDocument = (text: string): Record<string, unknown> => {
	let document: unknown;

	try {
		document = JSON.parse(text);
	} catch (error) {
		throw damaged((error as Error).message);
	}

	if (typeof document !== 'object' || document === null || Array.isArray(document)) {
		throw damaged('it is not an object');
	}

	return document as Record<string, unknown>;
};

const migrate = (data: Record<string, unknown>, migrations: readonly Migration[]): Record<string, unknown> => {
	let migrated = data;

	for (const migration of migrations) {
		migrated = migration(migrated);
	}

	return migrated;
};

const damaged = (reason: string): StateDamage => new StateDamage(`is damaged: ${reason}`);
