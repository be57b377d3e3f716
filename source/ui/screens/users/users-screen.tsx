import type {UserView} from '../../../actions/users.ts';
import {roles, type Role} from '../../../domain/user.ts';
import {useBodySize} from '../../components/size.ts';
import type {Column} from '../../components/table.ts';
import {useInterface} from '../../interface.ts';
import {useKeys} from '../../keys/use-keys.ts';
import {headingHeight} from '../../list/list-body.tsx';
import {ListScreen} from '../../list/list-screen.tsx';
import {sortBy, type ListDescription} from '../../list/list-state.ts';
import {useList} from '../../list/use-list.ts';
import {glyph} from '../../look/appearance.ts';
import {muted, plain, strong} from '../../look/span.ts';
import {showAge} from '../../look/time.ts';
import {useSession} from '../../session.ts';
import {usePasswordChange} from '../../use-password-change.ts';
import {useWhyNot} from '../../use-change.ts';
import {useLoaded, whyNothing} from '../../use-loaded.ts';
import {useUserActs} from './use-user-acts.ts';

const usersList: ListDescription<UserView> = {
	idOf: ({name}) => name,
	searchText: ({name, role, email}) => `${name} ${role} ${email ?? ''}`,
	sorts: [sortBy('name', ({name}) => name), sortBy('role', ({role}) => roles.indexOf(role)), sortBy('last sign-in', ({lastSignInAt}) => lastSignInAt ?? '', true)],
};

const roleWords: Readonly<Record<Role, string>> = {administrator: 'ADMINISTRATOR', operator: 'OPERATOR', user: 'USER'};

const columnsOf = (now: Date): ReadonlyArray<Column<UserView>> => [
	{title: 'USER', width: {share: 1, least: 12}, cell: ({name}) => plain(name)},
	{title: 'ROLE', width: 14, cell: ({role}) => role === 'administrator' ? strong(roleWords[role]) : plain(roleWords[role])},
	{title: 'EMAIL', width: {share: 2, least: 16}, cell: ({email}) => email === null ? muted(glyph('none')) : plain(email)},
	{title: 'LAST SIGN-IN', width: 14, cell: ({lastSignInAt}) => lastSignInAt === null ? muted('never') : plain(showAge(lastSignInAt, now))},
];

/** Who may sign in, as what; of a USER, the way to the rights. */
export function UsersScreen() {
	const {data, now} = useSession();
	const {enter} = useInterface();
	const {height} = useBodySize();
	const {value, error} = useLoaded('users', async () => data.listUsers());
	const list = useList({description: usersList, items: value, height: height - headingHeight});
	const {focused} = list;
	const whyNot = useWhyNot(focused, 'user');
	const whyNotAdd = useWhyNot('any', 'user');
	const {add, changeRole, changeEmail, remove} = useUserActs();
	const changePassword = usePasswordChange();

	const withUser = (run: (user: UserView) => void) => whyNot ?? (() => {
		run(focused!);
	});

	const keys = useKeys('users', {
		...list.handlers,
		rights: whyNotRights(focused) ?? (() => {
			enter({screen: 'rights', user: focused!.name});
		}),
		add: whyNotAdd ?? add,
		role: withUser(changeRole),
		email: withUser(changeEmail),
		password: withUser(({name}) => {
			changePassword(name);
		}),
		delete: withUser(remove),
	});

	return (
		<ListScreen
			columns={columnsOf(now())}
			description={usersList}
			emptyText='There is no user: only root, without a password. n makes one.'
			error={error}
			keys={keys}
			list={list}
			remark='root is an administrator without a password'
			waitingFor={value === undefined ? 'Reading the users' : undefined}
		/>
	);
}

const whyNotRights = (user: UserView | undefined): string | undefined => {
	if (user === undefined) {
		return whyNothing([], 'user');
	}

	return user.role === 'user' ? undefined : `Nothing is hidden from an ${user.role}: only USERs have restoration rights.`;
};
