import {UserError} from '../errors.ts';
import type {AccountSettings, Identity} from './account.ts';
import {parseGlob} from './glob.ts';
import {isMailAddress} from './mail-address.ts';
import {toText} from './raw-name.ts';
import {checkTagName} from './tag.ts';

/** What an operator changes about accounts. What is left out stays; `null` removes. */
export type AccountChanges = {
	readonly email?: string | null;
	readonly maxOnDemand?: 'global' | number;
	readonly priorityGroup?: string | null;
	/** Name of an account, raw where it is applied. */
	readonly owner?: string | null;
} & ListChanges;

type ListChanges = Readonly<Partial<Record<`${ListField}To${'Add' | 'Remove'}`, readonly string[]>>>;
type ListField = Extract<keyof AccountSettings, 'excludes' | 'tags' | 'domains' | 'databases' | 'mailboxes'>;

const mostOnDemand = 99;

/**
Whether changes can be, whichever account they are for.
@throws UserError `usage`
*/
export const checkAccountChanges = (changes: AccountChanges): void => {
	const {email, maxOnDemand} = changes;

	if (email !== undefined && email !== null && !isMailAddress(email)) {
		throw new UserError(`"${email}" is no mail address.`, {code: 'usage', hint: 'Give one such as alice@example.com, or none.'});
	}

	if (typeof maxOnDemand === 'number' && (!Number.isSafeInteger(maxOnDemand) || maxOnDemand < 0 || maxOnDemand > mostOnDemand)) {
		throw new UserError(`An account has 0 to ${mostOnDemand} backups on demand.`, {code: 'usage', hint: 'Give such a number, or global; 0 allows none.'});
	}

	for (const field of listFields) {
		for (const value of changes[`${field}ToAdd`] ?? []) {
			checks[field](value);
		}
	}
};

/** What of an account tells whether changes can be made to it. */
type Target = Pick<Identity, 'name' | ListField>;

/**
Whether changes can be made to these accounts.
@throws UserError `notFound` for a list entry to remove that none of them has, `usage` for an account that would own itself
*/
export const checkTargets = (targets: readonly Target[], changes: AccountChanges): void => {
	for (const field of listFields) {
		const unknown = changes[`${field}ToRemove`]?.find(value => targets.every(target => !target[field].includes(value)));

		// Whoever has no such tag is as wanted.
		if (field !== 'tags' && unknown !== undefined) {
			throw noSuch(unknown, field, targets);
		}
	}

	const selfOwned = targets.find(({name}) => name === changes.owner);

	if (selfOwned !== undefined) {
		throw new UserError(`${toText(selfOwned.name)} cannot own itself.`, {code: 'usage', hint: 'Name another account, or none.'});
	}
};

/**
Whether accounts can be given an owner (raw): not one who is theirs, through whomever.
@throws UserError `usage`
*/
export const checkOwner = (identities: ReadonlyArray<Pick<Identity, 'name' | 'owner'>>, targets: ReadonlyArray<Pick<Identity, 'name'>>, {owner}: AccountChanges): void => {
	if (owner === undefined || owner === null) {
		return;
	}

	const owners = new Map(identities.map(identity => [identity.name, identity.owner]));
	const owned = new Set(targets.map(({name}) => name));
	const seen = new Set<string>();

	for (let name = owners.get(owner) ?? null; name !== null && !seen.has(name); name = owners.get(name) ?? null) {
		if (owned.has(name)) {
			throw new UserError(`${toText(owner)} belongs to ${toText(name)}, and cannot own it.`, {code: 'usage', hint: `Take its owner away first: "holdfast account set ${toText(owner)} --owner none".`});
		}

		seen.add(name);
	}
};

const noSuch = (value: string, field: ListField, targets: readonly Target[]): UserError => {
	const [only, ...others] = targets;
	const held = [...new Set(targets.flatMap(target => target[field]))];
	const nobodyHas = only === undefined || others.length > 0 ? 'None of the accounts has the' : `${toText(only.name)} has no`;

	return new UserError(`${nobodyHas} ${singular[field]} "${value}".`, {
		code: 'notFound',
		hint: held.length === 0 ? `There are no ${field}.` : `There ${held.length === 1 ? 'is' : 'are'}: ${held.join(', ')}`,
	});
};

/** The identity with the changes made. */
export const applyAccountChanges = (identity: Identity, changes: AccountChanges): Identity => {
	const {email = identity.email, maxOnDemand = identity.maxOnDemand, priorityGroup = identity.priorityGroup, owner = identity.owner} = changes;

	return {
		...identity,
		email,
		maxOnDemand,
		priorityGroup,
		owner,
		...Object.fromEntries(listFields.map(field => [field, changeList(identity, field, changes)])),
	};
};

const changeList = (identity: Identity, field: ListField, changes: AccountChanges): readonly string[] => {
	const added = changes[`${field}ToAdd`] ?? [];
	const removed = changes[`${field}ToRemove`] ?? [];

	return [...new Set([...identity[field], ...added])].filter(value => !removed.includes(value));
};

const singular: Readonly<Record<ListField, string>> = {
	excludes: 'exclude', tags: 'tag', domains: 'domain', databases: 'database', mailboxes: 'mailbox',
};
const listFields = Object.keys(singular) as readonly ListField[];

const checks: Readonly<Record<ListField, (value: string) => void>> = {
	excludes(value) {
		parseGlob(value);
	},
	tags(value) {
		checkTagName(value);
	},
	domains(value) {
		if (!/^(?:[\da-z](?:[\d\-a-z]{0,61}[\da-z])?\.)+[\d\-a-z]{2,63}$/v.test(value) || value.length > 253) {
			throw new UserError(`"${value}" is no domain.`, {code: 'usage', hint: 'Give one such as example.com, in lower case.'});
		}
	},
	databases(value) {
		if (!/^(?:mysql|postgresql):[^\p{Control}\/]{1,64}$/v.test(value)) {
			throw new UserError(`"${value}" names no database.`, {code: 'usage', hint: 'Write mysql:NAME or postgresql:NAME.'});
		}
	},
	mailboxes(value) {
		const equals = value.indexOf('=');

		if (!isMailAddress(value.slice(0, Math.max(0, equals))) || !/^\P{Control}+$/v.test(value.slice(equals + 1))) {
			throw new UserError(`"${value}" names no mailbox.`, {code: 'usage', hint: 'Write ADDRESS=DIR, such as info@example.com=/var/vmail/example.com/info.'});
		}
	},
};
