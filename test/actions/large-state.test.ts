import test from 'ava';
import {listAccounts} from '../../source/actions/accounts.ts';
import {listJobs} from '../../source/actions/list-jobs.ts';
import {listOrphans} from '../../source/actions/orphans.ts';
import {previewRetention} from '../../source/actions/preview-retention.ts';
import {listTasks} from '../../source/actions/tasks.ts';
import {largeState} from '../state/large-state.ts';

test('hundreds of accounts, hundreds of jobs, thousands of backups', async t => {
	const {context} = await largeState(t, {
		accounts: 240, jobs: 300, backups: 12, orphans: 40,
	});
	const {accounts} = await listAccounts(context);
	t.is(accounts.length, 200);
	const {orphans} = await listOrphans(context);
	t.is(orphans.length, 40);
	const jobs = await listJobs(context);
	t.is(jobs.length, 300);
	t.is(jobs[0]?.accountCount, 200);
	t.is(jobs[1]?.accountCount, 10);
	const {removed, kept} = await previewRetention(context);
	// Seven of each live account, all of an orphan.
	t.is(kept.length, (200 * 7) + (40 * 12));
	t.is(removed.length, 200 * 5);

	// A terminal is told of each account how many it keeps, and how many go.
	const summary = await previewRetention(context, {mostNamed: 100});
	t.is(summary.removedCount, removed.length);
	t.is(summary.removed.length + summary.kept.length, 0);
	t.is(summary.keptOf.reduce((sum, {count}) => sum + count, 0), kept.length);
	t.is(summary.removedOf.reduce((sum, {count}) => sum + count, 0), removed.length);
	const [one] = summary.keptOf;
	const own = await previewRetention(context, {account: one!.uuid, mostNamed: 100});
	t.is(own.kept.length, one!.count);
	t.deepEqual(own.keptOf, []);

	// The newest of the tasks alone, and all of them.
	const newest = await listTasks(context, {isAll: true, mostFinished: 20});
	const all = await listTasks(context, {isAll: true});
	t.is(all.length, 240);
	t.deepEqual(newest.map(({id}) => id), all.slice(0, 20).map(({id}) => id));
});
