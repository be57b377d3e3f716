import test from 'ava';
import {listAccounts} from '../../source/actions/accounts.ts';
import {listJobs} from '../../source/actions/list-jobs.ts';
import {listOrphans} from '../../source/actions/orphans.ts';
import {previewRetention} from '../../source/actions/preview-retention.ts';
import {largeState} from '../state/large-state.ts';

/** Many times what it takes; what grows with jobs times backups takes longer. */
const patienceMs = 20_000;

test('hundreds of accounts, hundreds of jobs, thousands of backups', async t => {
	const {context} = await largeState(t, {
		accounts: 500, jobs: 300, backups: 30, orphans: 60,
	});
	const {accounts} = await listAccounts(context);
	t.is(accounts.length, 440);
	const {orphans} = await listOrphans(context);
	t.is(orphans.length, 60);
	const jobs = await listJobs(context);
	t.is(jobs.length, 300);
	t.is(jobs[0]?.accountCount, 440);
	t.is(jobs[1]?.accountCount, 22);
	const started = performance.now();
	const {removed, kept} = await previewRetention(context);
	t.true(performance.now() - started < patienceMs);
	// Seven of each live account, all of an orphan.
	t.is(kept.length, (440 * 7) + (60 * 30));
	t.is(removed.length, 440 * 23);

	// A terminal is told of each account how many it keeps.
	const summary = await previewRetention(context, {mostKept: 1000});
	t.is(summary.removed.length, removed.length);
	t.is(summary.kept.length, 0);
	t.is(summary.keptOf.reduce((sum, {count}) => sum + count, 0), kept.length);
	const [one] = summary.keptOf;
	const own = await previewRetention(context, {account: one!.uuid, mostKept: 1000});
	t.is(own.kept.length, one!.count);
	t.deepEqual(own.keptOf, []);
});
