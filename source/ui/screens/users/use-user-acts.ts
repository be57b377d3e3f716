import type {UserView} from '../../../actions/users.ts';
import {
	checkUserEmail,
	checkUsername,
	parseRole,
	roles,
	type Role,
} from '../../../domain/user.ts';
import {problemOf} from '../../fields/problem-of.ts';
import {useInterface} from '../../interface.ts';
import {plain} from '../../look/span.ts';
import {useSession} from '../../session.ts';
import {useAct} from '../../use-act.ts';
import {useChange} from '../../use-change.ts';
import {askNewPassword} from '../../use-password-change.ts';

export type UserActs = {
	readonly add: () => void;
	readonly changeRole: (user: UserView) => void;
	readonly changeEmail: (user: UserView) => void;
	readonly remove: (user: UserView) => void;
};

const roleHint = 'administrator: everything. operator: everybody\'s backups and restores, no settings. user: only what restoration rights give.';

/** Making, changing and deleting users. */
export const useUserActs = (): UserActs => {
	const {data} = useSession();
	const {askText, confirm} = useInterface();
	const act = useAct();
	const change = useChange();

	return {
		add() {
			act(async () => {
				const user = await askUser(askText);

				if (user !== undefined) {
					await change({
						done: user.role === 'user' ? `${user.name} is made, and may see nothing yet: Enter gives rights.` : `${user.name} is made.`, make: async () => data.createUser(user), undo: async () => data.deleteUser(user.name),
					});
				}
			});
		},
		changeRole({name, role: before}) {
			act(async () => {
				const role = await askRole(askText, `Role of ${name}`, before);

				if (role === undefined || role === before) {
					return;
				}

				const isAgreed = before !== 'user' || await confirm({
					title: `Make ${name} an ${role}`, lines: [[plain('The restoration rights of a USER are dropped: nothing is hidden any more.')]], act: 'drop the rights', command: `holdfast user set ${name} --role ${role}`,
				});

				if (isAgreed) {
					await change({done: `${name} is ${role} now; it holds at once.`, make: async () => data.setUser(name, {role})});
				}
			});
		},
		changeEmail({name, email: before}) {
			act(async () => {
				const email = await askText({
					title: `Mail address of ${name}`, hint: 'Such as carol@example.com.', text: before ?? '', check: problemOf(checkUserEmail),
				});

				if (email !== undefined && email !== before) {
					await change({done: `The mail address of ${name} is ${email} now.`, make: async () => data.setUser(name, {email}), ...(before !== null && {undo: async () => data.setUser(name, {email: before})})});
				}
			});
		},
		remove({name}) {
			act(async () => {
				const isAgreed = await confirm({
					title: `Delete the user ${name}`, lines: [[plain('With the password and the restoration rights. What the user did stays in the audit log.')]], act: 'delete the user', command: `holdfast user delete ${name}`,
				});

				if (isAgreed) {
					await change({done: `The user ${name} is gone.`, make: async () => data.deleteUser(name)});
				}
			});
		},
	};
};

type AskText = ReturnType<typeof useInterface>['askText'];

/** Name, role, address and password, one after the other; `undefined` when one of them is cancelled. */
const askUser = async (askText: AskText) => {
	const name = await askText({
		title: 'A new user', hint: 'The name to sign in with; it never changes.', text: '', check: problemOf(checkUsername),
	});

	if (name === undefined) {
		return undefined;
	}

	const role = await askRole(askText, `Role of ${name}`, 'user');
	const email = role === undefined
		? undefined
		: await askText({
			title: `Mail address of ${name}`, hint: 'Such as carol@example.com; empty: none.', text: '', check: text => text === '' ? undefined : problemOf(checkUserEmail)(text),
		});

	if (role === undefined || email === undefined) {
		return undefined;
	}

	const password = await askNewPassword(askText, name);

	return password === undefined
		? undefined
		: {
			name, role, email: email === '' ? null : email, password,
		};
};

const askRole = async (askText: AskText, title: string, before: Role): Promise<Role | undefined> => {
	const text = await askText({
		title, hint: roleHint, text: before, check: problemOf(parseRole),
		complete: async typed => roles.filter(role => role.startsWith(typed)),
	});

	return text === undefined ? undefined : parseRole(text);
};
