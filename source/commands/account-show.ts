import {showAccount} from '../actions/accounts.ts';
import {accountFields, accountToJson} from './account-json.ts';
import {defineCommand} from './command.ts';
import {describeAccount} from './describe-account.ts';

export const accountShow = defineCommand({
	arguments: [{name: 'NAME', meaning: 'name or UUID of the account'}],
	options: {},
	json: `the account: ${accountFields}`,
	examples: ['holdfast account show alice', 'holdfast account show 0f6b1c9e-6c0a-4b0e-9c1f-2f3a4b5c6d7e --json'],
	needs: 'setup',
	async run({context, values, output}) {
		const [name] = values;
		const account = await showAccount(context, name);
		await output.result(accountToJson(account), () => describeAccount(account, context.clock.now()));
	},
});
