import {
	createUser,
	deleteUser,
	listUsers,
	setUser,
	type UserView,
} from '../actions/users.ts';
import {parseRole, roles} from '../domain/user.ts';
import {UserError} from '../errors.ts';
import {defineCommand, type Argument} from './command.ts';
import {newPasswordFile, readNewPassword} from './read-password.ts';
import {showTime} from './show-time.ts';
import {formatTable} from './table.ts';

const fields = 'name, role, email, lastSignInAt';
const nameArgument = {name: 'NAME', meaning: 'name of the user'} as const satisfies Argument;
const roleOption = {
	type: 'text', placeholder: 'ROLE', meaning: 'what the user may do', choices: roles,
} as const;
const emailOption = {type: 'text', placeholder: 'EMAIL', meaning: 'mail address'} as const;

export const userList = defineCommand({
	arguments: [],
	options: {},
	json: `{"users": […]}, each with ${fields}`,
	examples: ['holdfast user list'],
	needs: 'setup',
	async run({context, output}) {
		const users = await listUsers(context);

		await output.result({users}, async () => users.length === 0
			? 'No user yet; root is an administrator without one. "holdfast user create NAME" makes one.'
			: formatTable([{heading: 'USER', isFlexible: true}, {heading: 'ROLE'}, {heading: 'EMAIL'}, {heading: 'LAST SIGN-IN'}], users.map(({name, role, email, lastSignInAt}) => [name, role, email ?? '', lastSignInAt === null ? 'never' : showTime(lastSignInAt)])));
	},
});

export const userCreate = defineCommand({
	arguments: [nameArgument],
	options: {role: roleOption, email: emailOption},
	json: `the user: ${fields}`,
	details: ['The password comes from the first line of --password-file ("-": standard input), else it is asked for. With --as, the second --password-file is the one of the new user.', 'The name never changes. A user who forgot the password is deleted and made again.'],
	examples: ['holdfast user create carol --role user --email carol@example.com', 'holdfast user create oscar --role operator --email oscar@example.com --password-file -'],
	needs: 'setup',
	async run({context, values, options, everywhere, output}) {
		const [name] = values;
		const {role, email} = options;

		if (role === undefined || email === undefined) {
			throw new UserError(`${role === undefined ? '--role' : '--email'} is missing.`, {code: 'usage', hint: `Give a role (${roles.join(', ')}) and a mail address.`});
		}

		const user = await createUser(context, {
			name, role: parseRole(role), email, password: await readNewPassword(newPasswordFile(everywhere)),
		});
		await output.result(user, () => describe(user));
	},
});

export const userSet = defineCommand({
	arguments: [nameArgument],
	options: {role: roleOption, email: emailOption},
	json: `the user: ${fields}`,
	details: ['Another role drops the restoration rights of the user. The last administrator stays one.'],
	examples: ['holdfast user set carol --email carol@example.org'],
	needs: 'setup',
	async run({context, values, options, output}) {
		const [name] = values;
		const {role, email} = options;

		if (role === undefined && email === undefined) {
			throw new UserError('Nothing to change was given.', {code: 'usage', hint: 'Give --role or --email.'});
		}

		const user = await setUser(context, name, {role: role === undefined ? undefined : parseRole(role), email});
		await output.result(user, () => describe(user));
	},
});

export const userDelete = defineCommand({
	arguments: [nameArgument],
	options: {},
	json: `the user as it was: ${fields}`,
	details: ['The last administrator cannot be deleted.'],
	examples: ['holdfast user delete carol'],
	needs: 'setup',
	async run({context, values, output}) {
		const [name] = values;
		const user = await deleteUser(context, name);
		await output.result(user, () => `The user ${name} is gone.`);
	},
});

const describe = ({name, role, email}: UserView): string => `${name}  ${role}  ${email ?? ''}`;
