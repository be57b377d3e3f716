import type {Backup} from '../domain/backup.ts';
import {toScreen} from '../domain/raw-name.ts';
import {isUnfinished} from '../domain/task-state.ts';
import type {Task} from '../domain/task.ts';
import {countOf} from '../domain/units.ts';
import {UserError} from '../errors.ts';
import {readTasks} from '../runner/task-records.ts';
import {readSetting} from '../state/read-setting.ts';
import type {Store} from '../state/store.ts';
import {onceEach, readArchivedTasks} from './archived-tasks.ts';
import type {Context} from './context.ts';

const hourMs = 3_600_000;

/**
Holds an account to `restore.limitTimes` restores in `restore.limitHours`. Those that wait count, those that never began do not, nor does `again`, the one that is run again.
@throws UserError `refused`
*/
export const checkRestoreLimit = async ({store, clock}: Pick<Context, 'store' | 'clock'>, {account, accountUuid}: Backup, again?: string): Promise<void> => {
	const [times, hours] = await Promise.all([readSetting(store, 'restore.limitTimes'), readSetting(store, 'restore.limitHours')]);

	if (times === 0 || hours === 0) {
		return;
	}

	const since = new Date(clock.now().getTime() - (hours * hourMs)).toISOString();
	const tasks = await readSince(store, accountUuid, since);
	const counted = tasks.filter(({id, kind, queuedAt, startedAt, state}) => id !== again && kind === 'restore' && queuedAt >= since && (startedAt !== null || isUnfinished(state)));

	if (counted.length >= times) {
		throw new UserError(`${toScreen(account)} had ${countOf(counted.length, 'restore')} in the last ${countOf(hours, 'hour')}, and may have ${times}.`, {
			code: 'refused',
			hint: 'Wait, or raise the limit with "holdfast setting set restore.limitTimes".',
		});
	}
};

/** Each once, also where it was archived meanwhile. */
const readSince = async (store: Store, account: string, since: string): Promise<readonly Task[]> => {
	const recent = await readTasks(store, [account]);

	return onceEach([...await readArchivedTasks(store, {since, isWanted: ({accountUuid}) => accountUuid === account}), ...recent]);
};
