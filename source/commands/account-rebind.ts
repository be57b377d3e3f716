import {rebindAccounts} from '../actions/rebind-accounts.ts';
import {toScreen, toText} from '../domain/raw-name.ts';
import {countOf} from '../domain/units.ts';
import {UserError} from '../errors.ts';
import {defineCommand} from './command.ts';

export const accountRebind = defineCommand({
	arguments: [{name: 'NAME', meaning: 'name or UUID of the account', count: 'optional'}],
	options: {
		all: {type: 'flag', meaning: 'all accounts; also says that all that are gone were removed'},
	},
	json: '{"accounts": [{uuid, name, home}]}, those whose homes are theirs now',
	details: ['When many homes changed or many accounts vanished at once, Holdfast changes nothing, since a moved /home or a broken user database looks the same. This says that all is as it should be.', 'Where the named account has no home, the next one that is seen is taken for its own.'],
	examples: ['holdfast account rebind --all', 'holdfast account rebind alice'],
	needs: 'setup',
	async run({context, values, options, output}) {
		const [name] = values;
		if ((name === undefined) !== options.all) {
			throw new UserError('Name one account, or give --all.', {code: 'usage', hint: 'See "holdfast account rebind --help".'});
		}

		const accounts = await rebindAccounts(context, name === undefined ? {type: 'all'} : {type: 'account', account: name});

		await output.result(
			{accounts: accounts.map(({uuid, name: each, home}) => ({uuid, name: toText(each), home: toText(home)}))},
			() => `The homes of ${countOf(accounts.length, 'account')} are theirs: ${accounts.map(({name: each}) => toScreen(each)).join(', ')}.`,
		);
	},
});
