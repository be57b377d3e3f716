import type {AccountChanges} from './account-changes.ts';
import {quoteArgument} from './quote-argument.ts';

const lists = {
	excludes: 'exclude', tags: 'tag', domains: 'domain', databases: 'database', mailboxes: 'mailbox',
} as const;

/** The command that makes the same changes; names are texts. */
export const accountCommand = (names: readonly string[], changes: AccountChanges): string => {
	const {email, maxOnDemand, priorityGroup, owner} = changes;
	const options = [
		...optionOf('email', email),
		...optionOf('max-on-demand', maxOnDemand),
		...optionOf('priority-group', priorityGroup),
		...optionOf('owner', owner),
		...Object.entries(lists).flatMap(([field, singular]) => [
			...(changes[`${field as keyof typeof lists}ToAdd`] ?? []).map(value => `--add-${singular} ${quoteArgument(value)}`),
			...(changes[`${field as keyof typeof lists}ToRemove`] ?? []).map(value => `--remove-${singular} ${quoteArgument(value)}`),
		]),
	];

	return ['holdfast account set', ...names.map(name => quoteArgument(name)), ...options].join(' ');
};

const optionOf = (name: string, value: string | number | null | undefined): readonly string[] => value === undefined ? [] : [`--${name} ${quoteArgument(value === null ? 'none' : String(value))}`];
