import {changePassword} from '../actions/users.ts';
import {defineCommand} from './command.ts';
import {newPasswordFile, readNewPassword, readPassword} from './read-password.ts';

export const userPasswd = defineCommand({
	arguments: [{name: 'NAME', meaning: 'name of the user'}],
	options: {'old-password-file': {type: 'text', placeholder: 'FILE', meaning: 'the password of today, in the first line of a file'}},
	json: 'the user: name, role, email, lastSignInAt',
	details: ['The new password comes from --password-file; with --as from the second one. Without files both are asked for.', 'Users and operators change their own; nobody changes one without knowing the old one.'],
	examples: ['holdfast user passwd carol', 'holdfast user passwd carol --old-password-file old --password-file new'],
	needs: 'setup',
	async run({context, values, options, everywhere, output}) {
		const [name] = values;
		const oldPassword = await readPassword(options['old-password-file'], {prompt: `Password of ${name} today`, option: '--old-password-file'});
		const user = await changePassword(context, name, {oldPassword, password: await readNewPassword(newPasswordFile(everywhere))});
		await output.result(user, () => `The password of ${name} is changed.`);
	},
});
