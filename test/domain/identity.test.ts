import test, {type ExecutionContext} from 'ava';
import {defaultAccountSettings, type Identity} from '../../source/domain/account.ts';
import {decideIdentities, type HomeFacts, type IdentityFacts} from '../../source/domain/identity.ts';
import type {SourceAccount} from '../../source/domain/source-account.ts';

const now = new Date('2026-06-15T12:00:00.000Z');
const daysAgo = (days: number): string => new Date(now.getTime() - (days * 86_400_000)).toISOString();

const account = (name: string, changes: Partial<SourceAccount> = {}): SourceAccount => ({
	name, uid: 1001, gid: 1001, home: `/home/${name}`, shell: '/bin/sh', isSuspended: false, isAdministrator: false, ...changes,
});

const identity = (name: string, changes: Partial<Identity> = {}): Identity => ({
	...defaultAccountSettings,
	uuid: `old-${name}`,
	name,
	uid: 1001,
	gid: 1001,
	home: `/home/${name}`,
	homeInode: '11',
	homeBirthNs: '1000',
	firstSeenAt: daysAgo(400),
	lastSeenAt: daysAgo(0),
	inactiveSince: null,
	hadBackupAt: null,
	status: 'active',
	...changes,
});

const home = (inode: string, birthNs: string | null = '1000'): HomeFacts => ({type: 'present', inode, birthNs});
const noHome: HomeFacts = {type: 'missing', reason: 'its home is missing'};

type AccountAndHome = readonly [SourceAccount, HomeFacts];
type Situation = Partial<Omit<IdentityFacts, 'accounts' | 'homes'>> & {readonly accounts?: readonly AccountAndHome[]};
type Outcome = {readonly identities: readonly string[]; readonly changes: readonly string[]};

const decide = ({accounts = [], ...facts}: Situation) => {
	let created = 0;

	return decideIdentities({
		accounts: accounts.map(([each]) => each),
		homes: new Map(accounts.map(([{name}, each]) => [name, each])),
		known: [],
		withBackups: new Set(),
		inactiveDays: 14,
		now,
		newUuid: () => `new-${++created}`,
		...facts,
	});
};

/** The outcome as a table: `uuid status` of every identity, in order; then `uuid change` of every change. */
const outcome = test.macro((t: ExecutionContext, situation: Situation, {identities, changes}: Outcome) => {
	const decision = decide(situation);

	t.deepEqual(decision.identities.map(({uuid, status}) => `${uuid} ${status}`), identities);
	t.deepEqual(decision.changes.map(({uuid, type}) => `${uuid} ${type}`), changes);
});

test('a first sight makes an identity', outcome, {accounts: [[account('alice'), home('11')]]}, {identities: ['new-1 active'], changes: ['new-1 created']});
test('nothing new changes nothing', outcome, {accounts: [[account('alice'), home('11')]], known: [identity('alice')]}, {identities: ['old-alice active'], changes: []});
test('a suspended account', outcome, {accounts: [[account('alice', {isSuspended: true}), home('11')]], known: [identity('alice')]}, {identities: ['old-alice suspended'], changes: ['old-alice updated']});
test('a removed account turns inactive', outcome, {known: [identity('alice')]}, {identities: ['old-alice inactive'], changes: ['old-alice turnedInactive']});

test('a name made again is another identity: another inode', outcome, {accounts: [[account('alice'), home('12')]], known: [identity('alice')]}, {identities: ['old-alice inactive', 'new-1 active'], changes: ['new-1 created', 'old-alice turnedInactive']});
test('a name made again is another identity: the inode was used again', outcome, {accounts: [[account('alice'), home('11', '2000')]], known: [identity('alice')]}, {identities: ['old-alice inactive', 'new-1 active'], changes: ['new-1 created', 'old-alice turnedInactive']});
test('a name made again is another identity: another UID', outcome, {accounts: [[account('alice', {uid: 1002}), home('11')]], known: [identity('alice')]}, {identities: ['old-alice inactive', 'new-1 active'], changes: ['new-1 created', 'old-alice turnedInactive']});
test('a name made again after its former owner was seen gone', outcome, {accounts: [[account('alice'), noHome]], known: [identity('alice', {status: 'inactive', lastSeenAt: daysAgo(1)})]}, {identities: ['old-alice inactive', 'new-1 active'], changes: ['new-1 created']});

test('a missing home is the same identity', outcome, {accounts: [[account('alice'), noHome]], known: [identity('alice')]}, {identities: ['old-alice active'], changes: []});
test('a home seen for the first time is bound', outcome, {accounts: [[account('alice'), home('12')]], known: [identity('alice', {homeInode: null, homeBirthNs: null})]}, {identities: ['old-alice active'], changes: ['old-alice rebound']});
test('a birth time that could not be read before is filled in', outcome, {accounts: [[account('alice'), home('11', '7')]], known: [identity('alice', {homeBirthNs: null})]}, {identities: ['old-alice active'], changes: ['old-alice rebound']});
test('the same user with the same home comes back', outcome, {accounts: [[account('alice'), home('11')]], known: [identity('alice', {status: 'inactive', inactiveSince: daysAgo(1)})]}, {identities: ['old-alice active'], changes: ['old-alice returned']});
test('a moved home that an administrator confirmed', outcome, {accounts: [[account('alice'), home('12')]], known: [identity('alice')], rebinding: new Set(['alice'])}, {identities: ['old-alice active'], changes: ['old-alice rebound']});

test('a missing home that is about to be made again is unbound', t => {
	const [unbound] = decide({accounts: [[account('alice'), noHome]], known: [identity('alice')], rebinding: new Set(['alice'])}).identities;
	t.like(unbound, {uuid: 'old-alice', homeInode: null, homeBirthNs: null});

	const [bound] = decide({accounts: [[account('alice'), home('99')]], known: [unbound!]}).identities;
	t.like(bound, {uuid: 'old-alice', homeInode: '99'});

	const [kept] = decide({accounts: [[account('alice'), noHome]], known: [identity('alice')], rebinding: 'all'}).identities;
	t.is(kept!.homeInode, '11');
});

test('a forgotten account', outcome, {known: [identity('alice', {status: 'inactive', lastSeenAt: daysAgo(15)})]}, {identities: [], changes: ['old-alice dropped']});
test('a removed account is remembered for a while', outcome, {known: [identity('alice', {status: 'inactive', lastSeenAt: daysAgo(13)})]}, {identities: ['old-alice inactive'], changes: []});
test('a removed account with backups is never forgotten', outcome, {known: [identity('alice', {status: 'inactive', lastSeenAt: daysAgo(900)})], withBackups: new Set(['old-alice'])}, {identities: ['old-alice inactive'], changes: []});
test('the days count from the last backup too', outcome, {known: [identity('alice', {status: 'inactive', lastSeenAt: daysAgo(900), hadBackupAt: daysAgo(13)})]}, {identities: ['old-alice inactive'], changes: []});
test('the days since the last backup are over', outcome, {known: [identity('alice', {status: 'inactive', lastSeenAt: daysAgo(900), hadBackupAt: daysAgo(15)})]}, {identities: [], changes: ['old-alice dropped']});

const names = Array.from({length: 10}, (_, index) => `user${index}`);
const known = names.map((name, index) => identity(name, {uid: 2000 + index}));
const withHomes = (count: number, changed: number): readonly AccountAndHome[] => known.slice(0, count).map(({name, uid}, index) => [account(name, {uid}), home(index < changed ? '99' : '11')]);
const same = (count: number): readonly string[] => known.slice(0, count).map(({uuid}) => `${uuid} active`);

test('3 of 5 homes changed at once: nothing changes', outcome, {accounts: withHomes(5, 3), known: known.slice(0, 5)}, {identities: same(5), changes: []});
test('3 of 3 homes changed at once, and one account is gone: nothing changes', outcome, {accounts: withHomes(3, 3), known: known.slice(0, 4)}, {identities: same(4), changes: []});
test('3 of 5 homes changed at once, confirmed', outcome, {accounts: withHomes(5, 3), known: known.slice(0, 5), rebinding: 'all'}, {identities: same(5), changes: ['old-user0 rebound', 'old-user1 rebound', 'old-user2 rebound']});
test('one of three confirmed leaves the others as they are known', outcome, {accounts: withHomes(5, 4), known: known.slice(0, 5), rebinding: new Set(['user0'])}, {identities: same(5), changes: []});
test('2 of 3 homes changed at once are two new accounts', t => {
	t.is(decide({accounts: withHomes(3, 2), known: known.slice(0, 3)}).changes.filter(({type}) => type === 'created').length, 2);
});
test('3 of 6 homes changed at once are three new accounts', t => {
	t.is(decide({accounts: withHomes(6, 3), known: known.slice(0, 6)}).changes.filter(({type}) => type === 'created').length, 3);
});

test('6 of 10 accounts gone at once: nobody turns inactive', outcome, {accounts: withHomes(4, 0), known}, {identities: same(10), changes: []});
test('6 of 10 accounts gone at once, confirmed', t => {
	t.is(decide({accounts: withHomes(4, 0), known, rebinding: 'all'}).changes.filter(({type}) => type === 'turnedInactive').length, 6);
});
test('5 of 10 accounts gone at once are removed', t => {
	t.is(decide({accounts: withHomes(5, 0), known}).changes.filter(({type}) => type === 'turnedInactive').length, 5);
});
test('all of 9 accounts gone at once are removed', t => {
	t.is(decide({known: known.slice(0, 9)}).changes.length, 9);
});

test('what is wrong is said, for all and for each', t => {
	const moved = decide({accounts: withHomes(5, 3), known: known.slice(0, 5)});
	t.regex(moved.problems.join('\n'), /3 of 5 accounts .* account rebind --all/v);
	t.deepEqual(Array.from(moved.notes, ([uuid]) => uuid), ['old-user0', 'old-user1', 'old-user2']);

	const gone = decide({accounts: withHomes(4, 0), known});
	t.regex(gone.problems.join('\n'), /6 of 10 known accounts are gone/v);
	t.is(gone.notes.size, 6);

	const missing = decide({accounts: [[account('alice'), noHome]], known: [identity('alice')]});
	t.deepEqual([...missing.notes], [['old-alice', 'its home is missing']]);
	t.deepEqual(missing.problems, []);
});

test('a missing home keeps what it was bound to', t => {
	const [kept] = decide({accounts: [[account('alice', {gid: 1005}), noHome]], known: [identity('alice')]}).identities;

	t.is(kept!.gid, 1005);
	t.is(kept!.homeInode, '11');
	t.is(kept!.homeBirthNs, '1000');
});

test('the time of last sight is saved hourly', t => {
	const isSavedAfter = (minutes: number): boolean => {
		const seen = identity('alice', {lastSeenAt: daysAgo(minutes / 1440)});

		return decide({accounts: [[account('alice'), home('11')]], known: [seen]}).isChanged;
	};

	t.false(isSavedAfter(59));
	t.true(isSavedAfter(60));
});

test('settings of an account survive every change of its facts', t => {
	const before = identity('alice', {email: 'a@example.com', excludes: ['*.log'], tags: ['vip']});
	const [after] = decide({accounts: [[account('alice', {isSuspended: true, gid: 7000}), home('11')]], known: [before]}).identities;

	t.like(after, {
		email: 'a@example.com', excludes: ['*.log'], tags: ['vip'], uuid: before.uuid,
	});
});
