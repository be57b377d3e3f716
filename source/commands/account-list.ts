import {listAccounts, type AccountList} from '../actions/accounts.ts';
import {accountSortKeys, type AccountSortKey, type AccountView} from '../domain/account-view.ts';
import {toScreen} from '../domain/raw-name.ts';
import {countOf, formatBytes, formatCount} from '../domain/units.ts';
import {accountFields, accountToJson} from './account-json.ts';
import {defineCommand} from './command.ts';
import {tellDamage} from './tell-damage.ts';
import {showAge} from './show-time.ts';
import {formatTable, type Column} from './table.ts';

const statuses = ['active', 'suspended', 'inactive', 'all'] as const;

export const accountList = defineCommand({
	arguments: [],
	options: {
		tag: {type: 'text', placeholder: 'T', meaning: 'only those with this tag'},
		status: {
			type: 'text', placeholder: 'STATUS', meaning: 'only these; without it active and suspended ones', choices: statuses,
		},
		owner: {type: 'text', placeholder: 'NAME', meaning: 'only those of this reseller'},
		filter: {type: 'text', placeholder: 'TEXT', meaning: 'words that must all be in the name or a tag; !word must not'},
		sort: {
			type: 'text', placeholder: 'KEY', meaning: 'the order', choices: accountSortKeys,
		},
	},
	json: `{"accounts": […], "hiddenCount", "problem" (why they could not all be read, or null)}, each account with ${accountFields}`,
	details: ['Ends with 7 when the backups of an account cannot be told because its file in the state is damaged; the others are shown.', 'Users with a UID or GID below 1000 belong to the system: they are counted, never shown.'],
	examples: ['holdfast account list', 'holdfast account list --status all --sort lastBackup', 'holdfast account list --filter \'shop !test\' --json'],
	needs: 'setup',
	async run({context, options, output}) {
		const {status, tag, owner, filter, sort = 'name'} = options;
		const list = await listAccounts(context, {
			...(status !== undefined && {status: status as (typeof statuses)[number]}),
			...(tag !== undefined && {tag}),
			...(owner !== undefined && {owner}),
			...(filter !== undefined && {filter}),
			sort: {key: sort as AccountSortKey, isReversed: false},
		});

		if (list.problem !== null) {
			output.note(list.problem);
		}

		await output.result(
			{accounts: list.accounts.map(account => accountToJson(account)), hiddenCount: list.hiddenCount, problem: list.problem},
			async () => describeList(list, context.clock.now()),
		);

		return tellDamage(list.damage, output);
	},
});

const columns: readonly Column[] = [
	{heading: 'ACCOUNT', isFlexible: true},
	{heading: 'TAGS', isFlexible: true},
	{heading: 'LAST BACKUP'},
	{heading: ''},
	{heading: 'BACKUPS', align: 'right'},
	{heading: 'SIZE', align: 'right'},
	{heading: 'STATUS'},
	{heading: '', isFlexible: true},
];

const describeList = async ({accounts, hidden, hiddenCount}: AccountList, now: Date): Promise<string> => {
	const table = accounts.length === 0 ? 'No account.' : await formatTable(columns, accounts.map(account => row(account, now)));
	const reasons = hidden.map(({reason, count}) => `${reason}: ${formatCount(count)}`).join(', ');

	return hiddenCount === 0 ? table : `${table}\n\n${countOf(hiddenCount, 'user')} of the system not shown (${reasons}).`;
};

const row = (account: AccountView, now: Date): readonly string[] => [
	toScreen(account.name),
	account.tags.length === 0 ? '–' : account.tags.join(' '),
	showAge(account.lastBackupAt, now),
	account.lastBackupStatus === null || account.lastBackupStatus === 'complete' ? '' : `! ${account.lastBackupStatus}`,
	formatCount(account.backupCount),
	account.backupCount === 0 ? '–' : formatBytes(account.storedBytes),
	account.status,
	account.problem === null ? '' : `! ${account.problem}`,
];
