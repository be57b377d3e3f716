import {setAccounts} from '../actions/set-account.ts';
import type {AccountChanges} from '../domain/account-changes.ts';
import {UserError} from '../errors.ts';
import {accountFields, accountToJson} from './account-json.ts';
import {defineCommand, type OptionValues} from './command.ts';
import {describeAccount} from './describe-account.ts';
import {parseNumber} from './parse-values.ts';

const options = {
	email: {type: 'text', placeholder: 'E', meaning: 'where the account\'s notifications go, or none'},
	'max-on-demand': {type: 'text', placeholder: 'N', meaning: 'how many backups on demand it may have, 0 (none) to 99, or global: as onDemand.retain says'},
	'priority-group': {type: 'text', placeholder: 'G', meaning: 'the queue priority group it is in whatever its tags say, or none'},
	owner: {type: 'text', placeholder: 'NAME', meaning: 'the reseller that owns it, or none'},
	'add-exclude': {type: 'list', placeholder: 'GLOB', meaning: 'what its backups leave out of the home'},
	'remove-exclude': {type: 'list', placeholder: 'GLOB', meaning: 'what its backups leave out no more'},
	'add-tag': {type: 'list', placeholder: 'T', meaning: 'a tag; one that does not exist yet is made'},
	'remove-tag': {type: 'list', placeholder: 'T', meaning: 'a tag it loses'},
	'add-domain': {type: 'list', placeholder: 'D', meaning: 'a domain that belongs to it'},
	'remove-domain': {type: 'list', placeholder: 'D', meaning: 'a domain that does no more'},
	'add-database': {type: 'list', placeholder: 'DB', meaning: 'a database that belongs to it: mysql:NAME or postgresql:NAME'},
	'remove-database': {type: 'list', placeholder: 'DB', meaning: 'a database that does no more'},
	'add-mailbox': {type: 'list', placeholder: 'ADDRESS=DIR', meaning: 'a mailbox that belongs to it, and its Maildir'},
	'remove-mailbox': {type: 'list', placeholder: 'ADDRESS=DIR', meaning: 'a mailbox that does no more'},
} as const;

export const accountSet = defineCommand({
	arguments: [{name: 'NAME', meaning: 'names or UUIDs of accounts', count: 'repeated'}],
	options,
	json: `the account, or {"accounts": […]} where several are named: ${accountFields}`,
	details: [
		'Several accounts get the same changes: all of them, or, where one cannot have them, none.',
		'Globs: * and ? within a name, ** across folders, {a,b}, [abc]; case matters, dot files match. Without "/" a glob matches at any depth, with "/" from the home. A matched folder leaves out all below it. "holdfast account excludes" shows what that is now.',
	],
	examples: [
		'holdfast account set alice --email alice@example.com --owner carol',
		'holdfast account set alice --add-exclude \'*.log,cache\' --add-exclude public_html/tmp',
		'holdfast account set alice bob --add-tag vip --priority-group High --max-on-demand 5',
		'holdfast account set alice --add-domain example.com --add-database mysql:alice_shop --add-mailbox info@example.com=/var/vmail/example.com/info',
	],
	needs: 'setup',
	async run({context, values, options: given, output}) {
		const [names] = values;
		const accounts = await setAccounts(context, names, toChanges(given));
		const documents = accounts.map(account => accountToJson(account));
		const now = context.clock.now();

		await output.result(names.length === 1 ? documents[0] : {accounts: documents}, () => accounts.map(account => describeAccount(account, now)).join('\n\n'));
	},
});

const toChanges = (given: OptionValues<typeof options>): AccountChanges => {
	const {email, 'max-on-demand': maxOnDemand, 'priority-group': priorityGroup, owner} = given;
	const isChanging = Object.values(given).some(value => typeof value === 'string' || (Array.isArray(value) && value.length > 0));

	if (!isChanging) {
		throw new UserError('Nothing to change was given.', {code: 'usage', hint: 'See what can be set with "holdfast account set --help".'});
	}

	return {
		...(email !== undefined && {email: noneOr(email)}),
		...(maxOnDemand !== undefined && {maxOnDemand: maxOnDemand === 'global' ? maxOnDemand : parseNumber('max-on-demand', maxOnDemand)}),
		...(priorityGroup !== undefined && {priorityGroup: noneOr(priorityGroup)}),
		...(owner !== undefined && {owner: noneOr(owner)}),
		...Object.fromEntries(listNames.flatMap(([option, field]) => changedList(given, option, field))),
	};
};

const noneOr = (text: string): string | null => text === 'none' ? null : text;

const listNames = [['exclude', 'excludes'], ['tag', 'tags'], ['domain', 'domains'], ['database', 'databases'], ['mailbox', 'mailboxes']] as const;

/** Lists that were not given are no change: the audit log tells what was. */
const changedList = (given: OptionValues<typeof options>, option: (typeof listNames)[number][0], field: string): ReadonlyArray<readonly [string, readonly string[]]> => [
	...given[`add-${option}`].length === 0 ? [] : [[`${field}ToAdd`, given[`add-${option}`]] as const],
	...given[`remove-${option}`].length === 0 ? [] : [[`${field}ToRemove`, given[`remove-${option}`]] as const],
];
