import type {Identity} from './account.ts';
import type {Structure} from './backup.ts';
import type {ItemName} from './item.ts';
import type {Schedule} from './schedule.ts';

/** Which accounts a job backs up: the union of what is named, minus the exclusions. */
export type JobAccounts = {
	readonly isAll: boolean;
	/** UUIDs. */
	readonly accounts: readonly string[];
	readonly tags: readonly string[];
	/** Names of owning resellers. */
	readonly owners: readonly string[];
	/** UUIDs left out of all of the above. */
	readonly exclusions: readonly string[];
};

export type Job = {
	readonly name: string;
	readonly accounts: JobAccounts;
	readonly items: readonly ItemName[];
	readonly structure: Structure;
	/** Id of the destination. */
	readonly destination: string;
	readonly encrypted: boolean;
	readonly enabled: boolean;
	readonly schedules: readonly Schedule[];
	readonly excludes: readonly string[];
	/** How many manual runs are kept per account. */
	readonly manualRetain: number;
};

export const allAccounts: JobAccounts = {
	isAll: true, accounts: [], tags: [], owners: [], exclusions: [],
};

/** Who is in a job now, and who would be but for a wish of the account. */
export type JobMembers = {
	readonly members: readonly Identity[];
	/** With the wish, which completes "alice wants …". */
	readonly leftOut: ReadonlyArray<{readonly identity: Identity; readonly wish: string}>;
};

/** The accounts that a run of the job backs up: active and suspended ones. */
export const membersOf = (job: Pick<Job, 'accounts' | 'encrypted'>, identities: readonly Identity[]): JobMembers => {
	const known = knownMembers.get(identities) ?? new WeakMap<Pick<Job, 'accounts'>, JobMembers>();
	const members = known.get(job) ?? chooseMembers(job, identities);
	knownMembers.set(identities, known.set(job, members));

	return members;
};

/** Asked for again and again of hundreds of jobs and thousands of accounts that did not change. */
const knownMembers = new WeakMap<readonly Identity[], WeakMap<Pick<Job, 'accounts'>, JobMembers>>();

const chooseMembers = (job: Pick<Job, 'accounts' | 'encrypted'>, identities: readonly Identity[]): JobMembers => {
	const isChosen = chooserOf(job);
	const chosen = candidatesOf(job, identities).filter(identity => isChosen(identity));
	const members: Identity[] = [];
	const leftOut: Array<{identity: Identity; wish: string}> = [];

	for (const identity of chosen) {
		const wish = unmetWish(identity, job);

		if (wish === undefined) {
			members.push(identity);
		} else {
			leftOut.push({identity, wish});
		}
	}

	return {members, leftOut};
};

/** The jobs that would back an account up but for a wish of its own, which completes "alice wants …". */
export const leftOutOf = (identity: Identity, jobs: readonly Job[]): ReadonlyArray<{readonly job: string; readonly wish: string}> => identity.encryption.preference === 'any'
	? []
	: jobs.flatMap(job => {
		const wish = unmetWish(identity, job);

		return wish !== undefined && chooserOf(job)(identity) ? [{job: job.name, wish}] : [];
	});

type Candidates = {readonly byTag: ReadonlyMap<string, readonly Identity[]>; readonly places: ReadonlyMap<Identity, number>};

/** Asked for each of hundreds of jobs of the same thousands of accounts. */
const knownCandidates = new WeakMap<readonly Identity[], Candidates>();

/** Those that a job can name, in their order: all, or for a job of tags alone those that have one. */
const candidatesOf = ({accounts: {isAll, accounts, tags, owners}}: Pick<Job, 'accounts'>, identities: readonly Identity[]): readonly Identity[] => {
	if (isAll || accounts.length > 0 || owners.length > 0) {
		return identities;
	}

	const {byTag, places} = knownCandidates.get(identities) ?? indexTags(identities);
	knownCandidates.set(identities, {byTag, places});

	if (tags.length === 1) {
		return byTag.get(tags[0]!) ?? [];
	}

	const tagged = new Set(tags.flatMap(tag => byTag.get(tag) ?? []));

	return [...tagged].toSorted((one, other) => places.get(one)! - places.get(other)!);
};

const indexTags = (identities: readonly Identity[]): Candidates => {
	const byTag = Map.groupBy(identities.flatMap(identity => identity.tags.map(tag => ({tag, identity}))), ({tag}) => tag);

	return {
		byTag: new Map([...byTag].map(([tag, tagged]) => [tag, tagged.map(({identity}) => identity)])),
		places: new Map(identities.map((identity, place) => [identity, place])),
	};
};

/** Whether a job names an account, whatever that wants. */
const chooserOf = ({accounts: {isAll, accounts, tags, owners, exclusions}}: Pick<Job, 'accounts'>): ((identity: Identity) => boolean) => {
	const listed = new Set(accounts);
	const excluded = new Set(exclusions);
	const wantedTags = new Set(tags);

	return ({uuid, status, tags: own, owner}) => status !== 'inactive'
		&& !excluded.has(uuid)
		&& (isAll || listed.has(uuid) || own.some(tag => wantedTags.has(tag)) || (owner !== null && owners.includes(owner)));
};

/** What keeps a job from backing up an account: completes "alice wants …". */
export const unmetWish = ({encryption}: Pick<Identity, 'encryption'>, {encrypted}: Pick<Job, 'encrypted'>): string | undefined => {
	if (encryption.preference === 'none') {
		return 'no backups at all';
	}

	return !encrypted && encryption.preference === 'encrypted-only' ? 'encrypted backups only' : undefined;
};
