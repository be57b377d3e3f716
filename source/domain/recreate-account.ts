/** What a stored account may become again: never a system user, never a member of what the system trusts, never with a home elsewhere. */
import type {RawPath} from './raw-name.ts';
import type {GroupEntry, PasswdEntry} from './unix-database.ts';

export type StoredUser = Pick<PasswdEntry, 'name' | 'uid' | 'gid' | 'home'>;

export type UserFacts = {
	readonly passwd: readonly PasswdEntry[];
	readonly group: readonly GroupEntry[];
	readonly uidMax: number;
	/** Absolute folders below which homes may lie. */
	readonly homeRoots: readonly RawPath[];
	/** Of the stored account. */
	readonly groupName: RawPath;
};

const firstId = 1000;
const nobodyId = 65_534;

/** Why an account is not made again, as the end of a sentence; `undefined`: it may be. */
export const reasonNotToRecreate = ({name, uid, gid, home}: StoredUser, {passwd, group, uidMax, homeRoots, groupName}: UserFacts): string | undefined => {
	if (uid < firstId || gid < firstId || uid > uidMax || [uid, gid].includes(nobodyId)) {
		return `its ids (${uid}, ${gid}) are none that an account has`;
	}

	if (passwd.some(entry => entry.name === name)) {
		return 'there is a user of its name';
	}

	if (passwd.some(entry => entry.uid === uid)) {
		return `its UID ${uid} is another user's now`;
	}

	const namesake = group.find(entry => entry.name === groupName);

	if (namesake === undefined ? group.some(entry => entry.gid === gid) : namesake.gid !== gid) {
		return `its group (GID ${gid}) is another one now`;
	}

	return isHomeAllowed(home, homeRoots) ? undefined : 'its home is not below any folder of accounts.homeRoots';
};

export type Membership = Pick<GroupEntry, 'name' | 'gid'>;

export type DecidedMemberships = {
	/** To be a member of. */
	readonly groups: readonly RawPath[];
	/** Left out, each with the reason. */
	readonly refused: ReadonlyArray<{readonly name: RawPath; readonly reason: string}>;
};

/** Which further groups a stored account gets: those of accounts that are there as they were. What it is in now below 1000 stays. */
export const decideMemberships = (stored: readonly Membership[], name: RawPath, group: readonly GroupEntry[]): DecidedMemberships => {
	const kept = group.filter(entry => entry.gid < firstId && entry.members.includes(name)).map(entry => entry.name);
	const refused: Array<{name: RawPath; reason: string}> = [];
	const groups: RawPath[] = [...kept];

	for (const {name: groupName, gid} of stored) {
		if (kept.includes(groupName)) {
			continue;
		}

		const reason = gid < firstId ? 'a group of the system is not given back' : reasonNotToJoin({name: groupName, gid}, group);

		if (reason === undefined) {
			groups.push(groupName);
		} else {
			refused.push({name: groupName, reason});
		}
	}

	return {groups, refused};
};

const reasonNotToJoin = ({name, gid}: Membership, group: readonly GroupEntry[]): string | undefined => {
	const live = group.find(entry => entry.name === name);

	if (live === undefined) {
		return 'there is no such group any more';
	}

	return live.gid === gid ? undefined : 'it is another group now';
};

export const isHomeAllowed = (home: RawPath, roots: readonly RawPath[]): boolean => {
	const components = home.split('/').slice(1);
	const isPlain = home.startsWith('/') && components.every(component => component !== '' && component !== '.' && component !== '..');

	return isPlain && roots.some(root => home.startsWith(root.endsWith('/') ? root : `${root}/`));
};
