import type {AccountChoice, JobChanges} from '../actions/save-job.ts';
import type {Structure} from '../domain/backup.ts';
import {itemNames, type ItemName} from '../domain/item.ts';
import {UserError} from '../errors.ts';
import type {OptionValues} from './command.ts';
import {parseOptionalNumber, parseReplacement} from './parse-values.ts';

export const jobOptions = {
	schedule: {type: 'repeated', placeholder: '\'daily@02:30 keep 7\'', meaning: 'when it runs and how much is kept'},
	accounts: {type: 'list', placeholder: 'NAME', meaning: 'accounts that are in it, or all'},
	tag: {type: 'list', placeholder: 'T', meaning: 'accounts with this tag are in it'},
	owner: {type: 'list', placeholder: 'NAME', meaning: 'accounts of this reseller are in it'},
	except: {type: 'list', placeholder: 'NAME', meaning: 'accounts that are not in it whatever names them'},
	items: {type: 'list', placeholder: 'ITEM', meaning: `what is backed up, or all: ${itemNames.join(', ')}`},
	structure: {
		type: 'text', placeholder: 'S', meaning: 'deduplicated snapshots, or one tar file an item', choices: ['incremental', 'archived', 'compressed'],
	},
	destination: {type: 'text', placeholder: 'D', meaning: 'name or id of the destination'},
	encrypted: {type: 'flag', meaning: 'under the accounts\' own keys'},
	'no-encrypted': {type: 'flag', meaning: 'not so'},
	exclude: {type: 'list', placeholder: 'GLOB', meaning: 'what it leaves out of the homes, beside the accounts\' own excludes'},
	'manual-retain': {type: 'text', placeholder: 'N', meaning: 'how many runs by hand are kept per account'},
} as const;

type Given = OptionValues<typeof jobOptions>;

export const hasJobChanges = (given: Given): boolean => Object.values(given).some(value => value === true || typeof value === 'string' || (Array.isArray(value) && value.length > 0));

/**
What the options say.
@throws UserError `usage`
*/
export const toJobChanges = (given: Given): JobChanges => {
	if (given.encrypted && given['no-encrypted']) {
		throw new UserError('--encrypted and --no-encrypted were both given.', {code: 'usage', hint: 'Give one of them.'});
	}

	return {
		schedules: parseReplacement(given.schedule),
		accounts: chooseAccounts(given),
		items: chooseItems(given.items),
		structure: given.structure as Structure | undefined,
		destination: given.destination,
		encrypted: given.encrypted || given['no-encrypted'] ? given.encrypted : undefined,
		excludes: parseReplacement(given.exclude),
		manualRetain: parseOptionalNumber('manual-retain', given['manual-retain']),
	};
};

/** Whoever names some accounts names all that are in it. */
const chooseAccounts = ({accounts, tag, owner, except}: Given): AccountChoice | undefined => {
	if (accounts.length + tag.length + owner.length + except.length === 0) {
		return undefined;
	}

	return {
		isAll: accounts.includes('all'), accounts: accounts.filter(name => name !== 'all'), tags: tag, owners: owner, exclusions: parseReplacement(except) ?? [],
	};
};

const chooseItems = (items: readonly string[]): readonly ItemName[] | undefined => {
	if (items.length === 0) {
		return undefined;
	}

	const unknown = items.find(item => item !== 'all' && !isItemName(item));

	if (unknown !== undefined) {
		throw new UserError(`There is no item "${unknown}".`, {code: 'usage', hint: `Items are ${itemNames.join(', ')}, or all.`});
	}

	return items.includes('all') ? itemNames : items.filter(item => isItemName(item));
};

const isItemName = (text: string): text is ItemName => new Set<string>(itemNames).has(text);
