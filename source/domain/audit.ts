import type {Identity} from './account.ts';
import {uuidPattern} from './identifier.ts';
import {toText} from './raw-name.ts';

/** One act that changed something, or was meant to. Names in it are text. */
export type AuditEntry = {
	readonly at: string;
	readonly user: string;
	/** Name of the action, such as `createTag`, or `signIn`; the kind of a task that was carried out. */
	readonly action: string;
	/** What it was done to, accounts as `name (UUID)` where the UUID was given; `null` where it says itself. */
	readonly target: string | null;
	/** Which fields were given. Values are not written down: some are secret. */
	readonly fields: readonly string[];
	/** `done`, or the code of the error; of a task that was carried out, its state. */
	readonly result: string;
	/** More, as a sentence, where there is more to say. */
	readonly detail?: string | undefined;
};

const targetFields = new Set(['name', 'account', 'backup', 'id', 'uuid', 'key', 'folder', 'copy', 'destination', 'job', 'user', 'path']);

/** What an act is done to and with, told from what its action was given. Secrets are never told: only identifying fields give their values. */
export const describeInput = (input: readonly unknown[]): Pick<AuditEntry, 'target' | 'fields'> => {
	const texts: string[] = [];
	const fields: string[] = [];

	for (const value of input) {
		if (typeof value === 'string') {
			texts.push(value);
		} else if (Array.isArray(value)) {
			texts.push(...value.map(each => typeof each === 'string' ? each : describeInput([each]).target ?? '').filter(text => text !== ''));
		} else if (typeof value === 'object' && value !== null) {
			const known = Object.entries(value).filter(([, content]) => content !== undefined);
			texts.push(
				...known.filter(([name, content]) => targetFields.has(name) && typeof content === 'string').map(([, content]) => content as string),
				...known.filter(([name]) => name === 'accounts').flatMap(([, content]) => Array.isArray(content) ? content.filter(each => typeof each === 'string') : []),
			);
			fields.push(...known.map(([name]) => name));
		}
	}

	const shown = texts.slice(0, 20);

	return {target: shown.length === 0 ? null : shown.join(' ') + (texts.length > shown.length ? ` … ${texts.length} in all` : ''), fields};
};

const uuid = String.raw`\b${uuidPattern}\b`;

export const hasUuid = (target: string): boolean => new RegExp(uuid, 'v').test(target);

/** Accounts by their names and UUIDs: who reads it knows the one, and the other alone says which. */
export const nameAccounts = (target: string, identities: ReadonlyArray<Pick<Identity, 'uuid' | 'name'>>): string => target.replaceAll(new RegExp(uuid, 'gv'), found => {
	const known = identities.find(identity => identity.uuid === found);

	return known === undefined ? found : `${toText(known.name)} (${found})`;
});
