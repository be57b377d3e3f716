import {setAccount} from '../actions/set-account.ts';
import {UserError} from '../errors.ts';
import {accountFields, accountToJson} from './account-json.ts';
import {defineCommand} from './command.ts';
import {describeAccount} from './describe-account.ts';

export const accountSet = defineCommand({
	arguments: [{name: 'NAME', meaning: 'name or UUID of the account'}],
	options: {
		email: {type: 'text', placeholder: 'E', meaning: 'where the account\'s notifications go, or none'},
		'add-exclude': {type: 'list', placeholder: 'GLOB', meaning: 'what its backups leave out of the home'},
		'remove-exclude': {type: 'list', placeholder: 'GLOB', meaning: 'what its backups leave out no more'},
	},
	json: `the account: ${accountFields}`,
	details: ['Globs: * and ? within a name, ** across folders, {a,b}, [abc]; case matters, dot files match. Without "/" a glob matches at any depth, with "/" from the home. A matched folder leaves out all below it.'],
	examples: ['holdfast account set alice --email alice@example.com', 'holdfast account set alice --add-exclude \'*.log,cache\' --add-exclude public_html/tmp'],
	needs: 'setup',
	async run({context, values, options, output}) {
		const [name] = values;
		const {email, 'add-exclude': excludesToAdd, 'remove-exclude': excludesToRemove} = options;

		if (email === undefined && excludesToAdd.length + excludesToRemove.length === 0) {
			throw new UserError('Nothing to change was given.', {code: 'usage', hint: 'See what can be set with "holdfast account set --help".'});
		}

		const account = await setAccount(context, name, {
			...(email !== undefined && {email: email === 'none' ? null : email}),
			excludesToAdd,
			excludesToRemove,
		});
		await output.result(accountToJson(account), () => describeAccount(account, context.clock.now()));
	},
});

