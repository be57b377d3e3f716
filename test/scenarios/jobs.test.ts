import test, {type ExecutionContext} from 'ava';
import type {accountToJson} from '../../source/commands/account-json.ts';
import type {jobToJson} from '../../source/commands/job-json.ts';
import type {TagView} from '../../source/actions/tags.ts';
import type {PriorityGroup} from '../../source/domain/priority-group.ts';
import type {AuditEntry} from '../../source/domain/audit.ts';
import type {TreeSize} from '../../source/system/measure-tree.ts';
import {
	setUpServer,
	type BackupDocument,
	type Server,
	type TaskDocument,
} from '../set-up.ts';

type JobDocument = ReturnType<typeof jobToJson>;
type AccountDocument = ReturnType<typeof accountToJson>;

const failing = (t: ExecutionContext, server: Server) => async (code: number, ...line: readonly string[]): Promise<void> => {
	const {code: ended, stderr} = await server.run(...line, '--json');

	t.is(ended, code, `${line.join(' ')}: ${stderr}`);
	t.regex(stderr, /^\{"error":\{"code"/v);
};

const people = [{name: 'alice', uid: 5001}, {name: 'bob', uid: 5002}, {name: 'carol', uid: 5003}];

test('jobs: whom they take, when they run, and what becomes of them', async t => {
	const server = await setUpServer(t, people);
	const fails = failing(t, server);
	await server.json(['account', 'set', 'alice', 'bob', '--add-tag', 'vip']);
	const made = await server.json<JobDocument>(['job', 'create', 'vips', '--tag', 'vip', '--except', 'bob', '--schedule', 'daily@02:30 keep 7', '--schedule', 'weekly/sun@02:30 keep 5', '--exclude', '*.{tmp,log},cache']);

	t.like(made, {
		name: 'vips', accountCount: 1, structure: 'incremental', enabled: true, excludes: ['*.{tmp,log}', 'cache'], lastRunAt: null,
	});
	t.deepEqual(made.accounts, {
		isAll: false, names: [], tags: ['vip'], owners: [], exclusions: ['bob'],
	});
	t.deepEqual(made.schedules.map(({when, keep}) => `${when} ${keep}`), ['daily@02:30 7', 'weekly/sun@02:30 5']);
	t.regex(made.nextRunAt ?? '', /T\d\d:30:00\.000Z$/v);

	const changed = await server.json<JobDocument>(['job', 'set', 'vips', '--accounts', 'carol', '--schedule', 'daily@03:00 keep 9', '--manual-retain', '1']);
	t.deepEqual(changed.accounts.names, ['carol']);
	t.is(changed.schedules[0]?.id, made.schedules[0]?.id, 'a changed schedule keeps its backups');

	const copy = await server.json<JobDocument>(['job', 'duplicate', 'vips', 'copy']);
	t.like(copy, {name: 'copy', enabled: false, nextRunAt: null});
	t.not(copy.schedules[0]?.id, changed.schedules[0]?.id);
	const enabled = await server.json<JobDocument>(['job', 'enable', 'copy']);
	t.not(enabled.nextRunAt, null);

	const {tasks} = await server.json<{tasks: readonly TaskDocument[]}>(['job', 'run', 'vips']);
	t.deepEqual(tasks.map(({account, state}) => `${account!} ${state}`), ['carol completed']);
	const {backups} = await server.json<{backups: readonly BackupDocument[]}>(['backup', 'list', 'carol']);
	t.like(backups[0], {kind: 'manual', job: 'vips', schedules: []});
	const ran = await server.json<JobDocument>(['job', 'show', 'vips']);
	t.not(ran.lastRunAt, null);

	await server.json(['job', 'set', 'copy', '--schedule', 'after:vips+30m keep 3']);
	await fails(6, 'job', 'delete', 'vips');
	await fails(2, 'job', 'set', 'vips', '--schedule', 'after:copy keep 3');
	await fails(2, 'job', 'set', 'vips', '--schedule', 'daily@25:00 keep 3');
	await fails(2, 'job', 'set', 'vips');
	await fails(5, 'job', 'show', 'nobody');
	await fails(4, 'job', 'create', 'vips');
	t.like(await server.json(['job', 'create', 'sealed', '--encrypted']), {encrypted: true});
	await server.json(['job', 'delete', 'sealed']);
	await server.json(['job', 'delete', 'copy']);
	await server.json(['job', 'delete', 'vips']);
	const {jobs} = await server.json<{jobs: readonly JobDocument[]}>(['job', 'list']);
	t.deepEqual(jobs.map(({name, accountCount}) => `${name} ${accountCount}`), ['nightly 3']);
	const after = await server.json<{backups: readonly BackupDocument[]}>(['backup', 'list', 'carol']);
	t.is(after.backups.length, 1, 'its backups stay');
});

test('tags, groups and the settings of many accounts', async t => {
	const server = await setUpServer(t, people);
	const fails = failing(t, server);
	const tag = await server.json<TagView>(['tag', 'create', 'shop', '--color', '#CC6600']);
	t.deepEqual(tag, {name: 'shop', color: '#cc6600', accountCount: 0});
	await fails(4, 'tag', 'create', 'shop');
	await fails(2, 'tag', 'create', 'a b');
	await fails(2, 'tag', 'set', 'shop', '--color', 'red');
	const colored = await server.json<TagView>(['tag', 'set', 'shop', '--color', 'random']);
	t.regex(colored.color, /^#[\da-f]{6}$/v);

	const group = await server.json<PriorityGroup>(['group', 'create', 'Shops', '--backup', '20', '--restore', '5', '--tag', 'shop']);
	t.deepEqual(group, {
		name: 'Shops', backup: 20, restore: 5, download: 50, tags: ['shop'], isDefault: false,
	});
	const {accounts} = await server.json<{accounts: readonly AccountDocument[]}>(['account', 'set', 'alice', 'bob', '--add-tag', 'shop,new', '--owner', 'carol', '--max-on-demand', '3', '--priority-group', 'High']);
	t.true(accounts.every(account => account.tags!.join(' ') === 'shop new' && account.owner === 'carol' && account.maxOnDemand === 3 && account.priorityGroup === 'High'));
	const {entries} = await server.json<{readonly entries: readonly AuditEntry[]}>(['audit']);
	t.deepEqual(entries.findLast(({action}) => action === 'setAccounts')?.fields, ['maxOnDemand', 'priorityGroup', 'owner', 'tagsToAdd'], 'what was given, and nothing else');
	const carol = await server.json<AccountDocument>(['account', 'show', 'carol']);
	t.is(carol.type, 'reseller');

	await fails(5, 'account', 'set', 'alice', 'nobody', '--email', 'a@example.com');
	const alice = await server.json<AccountDocument>(['account', 'show', 'alice']);
	t.is(alice.email, null, 'all or none');
	const declared = await server.json<AccountDocument>(['account', 'set', 'alice', '--add-domain', 'example.com', '--add-database', 'mysql:alice_shop', '--add-mailbox', 'info@example.com=/var/vmail/info', '--priority-group', 'none']);
	t.like(declared, {
		domains: ['example.com'], databases: ['mysql:alice_shop'], mailboxes: ['info@example.com=/var/vmail/info'], priorityGroup: null,
	});

	for (const line of [['--max-on-demand', '100'], ['--add-domain', 'Ex ample'], ['--add-database', 'oracle:x'], ['--add-mailbox', 'info'], ['--owner', 'alice'], ['--add-exclude', '../x']]) {
		await fails(2, 'account', 'set', 'alice', ...line);
	}

	await fails(5, 'account', 'set', 'alice', '--priority-group', 'Nowhere');
	await fails(6, 'group', 'delete', 'Normal');
	await fails(6, 'group', 'delete', 'Shops');
	await server.json(['group', 'set', 'Shops', '--default']);
	const {groups} = await server.json<{groups: readonly PriorityGroup[]}>(['group', 'list']);
	t.deepEqual(groups.filter(({isDefault}) => isDefault).map(({name}) => name), ['Shops']);
	await server.json(['group', 'delete', 'Normal']);
	const {tags} = await server.json<{tags: readonly TagView[]}>(['tag', 'list']);
	t.deepEqual(tags.map(({name, accountCount}) => `${name} ${accountCount}`), ['new 2', 'shop 2']);
	await server.json(['tag', 'delete', 'shop']);
	const untagged = await server.json<AccountDocument>(['account', 'show', 'alice']);
	t.deepEqual(untagged.tags, ['new']);

	await server.write('alice', {'a.log': 'x'.repeat(1000), 'cache/b': 'x'.repeat(500), keep: 'x'});
	const size = await server.json<TreeSize>(['account', 'excludes', 'alice', '--exclude', '*.log,cache']);
	t.like(size, {files: 3, bytes: 1501, excluded: {files: 2, bytes: 1500}});
});

test('on demand: limits, rules and locks', async t => {
	const server = await setUpServer(t);
	const fails = failing(t, server);
	await server.write('alice', {file: 'x'.repeat(2000)});
	await server.json(['setting', 'set', 'onDemand.retain', '2']);
	const first = await server.task(['backup', 'create', 'alice']);
	await server.task(['backup', 'create', 'alice']);
	const lock = await server.json<BackupDocument>(['backup', 'lock', first.backup!, '--until', '2099-12-31']);
	t.like(lock, {locked: true});
	t.regex(lock.lockedUntil ?? '', /^(?:2099-12-31|2100-01-01)T/v);
	await server.json(['backup', 'lock', 'latest:alice']);
	await fails(4, 'backup', 'create', 'alice');
	const unlocked = await server.json<BackupDocument & {forecast: string}>(['backup', 'unlock', 'latest:alice']);
	t.false(unlocked.locked);
	t.regex(unlocked.forecast, /newest complete/v);
	await fails(2, 'backup', 'lock', first.backup!, '--until', '2001-01-01');
	await fails(2, 'backup', 'lock', first.backup!, '--until', 'tomorrow');

	await fails(5, 'setting', 'set', 'onDemand.job', 'nope');
	await server.json(['setting', 'set', 'onDemand.job', 'nightly']);
	await fails(6, 'job', 'delete', 'nightly');
	await server.json(['setting', 'set', 'onDemand.job', 'default']);
	await server.json(['setting', 'set', 'onDemand.maxBytes', '1KB']);
	await fails(4, 'backup', 'create', 'alice');
	await server.json(['setting', 'set', 'onDemand.maxBytes', '1MB']);
	await server.json(['setting', 'set', 'onDemand.maxInodes', '1']);
	await server.task(['backup', 'create', 'alice']);
	await server.write('alice', {second: 'x'});
	await fails(4, 'backup', 'create', 'alice');
	await server.json(['account', 'set', 'alice', '--max-on-demand', '0']);
	await fails(4, 'backup', 'create', 'alice');
	const {tasks} = await server.json<{tasks: readonly TaskDocument[]}>(['queue', 'clear']);
	t.is(tasks.length, 3);
	t.deepEqual(await server.json(['queue', 'list', '--all']), {tasks: []});
});
