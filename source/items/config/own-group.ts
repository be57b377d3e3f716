import type {RawPath} from '../../domain/raw-name.ts';
import type {AccountRecord} from './account-record.ts';

/** The group that is named as an account, where it must be made again with it. */
export type OwnGroup = {
	/** Of the group database, with those of its members that there are. */
	readonly line: string;
	readonly members: readonly RawPath[];
	/** Who may let others in; where shadow's twin knew any. */
	readonly admins: readonly RawPath[];
	/** Members and administrators that there are not any more. */
	readonly missing: readonly RawPath[];
};

/** `null` where the account's group is named otherwise, or there was none. */
export const ownGroupOf = ({passwd, group, gshadow}: AccountRecord, users: ReadonlyArray<{readonly name: RawPath}>): OwnGroup | null => {
	const name = nameIn(passwd);

	if (group === null || nameIn(group) !== name) {
		return null;
	}

	const isThere = (user: RawPath): boolean => user === name || users.some(each => each.name === user);
	const fields = group.split(':');
	const stored = namesIn(fields[3]);
	const storedAdmins = namesIn(gshadow?.split(':', 3)[2]);
	const members = stored.filter(user => isThere(user));

	return {
		line: fields.with(3, members.join(',')).join(':'),
		members,
		admins: storedAdmins.filter(user => isThere(user)),
		missing: [...new Set([...stored, ...storedAdmins])].filter(user => !isThere(user)),
	};
};

const nameIn = (line: string): RawPath => line.slice(0, line.indexOf(':'));

const namesIn = (field = ''): readonly RawPath[] => field.split(',').filter(name => name !== '');
