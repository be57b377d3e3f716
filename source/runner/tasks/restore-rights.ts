/** What of a restore is left out, because who asked for it may not have it. */
import type {Backup} from '../../domain/backup.ts';
import {readSetting} from '../../state/read-setting.ts';
import {refreshAccounts} from '../../state/refresh-accounts.ts';
import {readBackup} from '../read-backup.ts';
import {readLimitsOfTask} from '../read-limits.ts';
import {limitRestore, notAllOfIt, type LimitedRestore} from './limit-restore.ts';
import {toTreeRequest} from './restore-home.ts';
import type {Restored} from './restored.ts';
import type {TaskOf, TaskTools} from './task-tools.ts';

type RestoreTask = TaskOf<'restore'>;

/** What is left out for want of rights makes an item partial. A USER learns that something was, never what or how much. */
export const withDenied = (restored: Restored, {withheldItems = []}: Pick<LimitedRestore, 'withheldItems'>): Restored => {
	const {item, error} = restored;
	const denied = restored.denied ?? (withheldItems.includes(item.name) ? {count: 1, bytes: 0} : undefined);

	return denied === undefined
		? restored
		: {
			...restored,
			denied,
			item: {...item, status: item.status === 'complete' ? 'partial' : item.status, error: item.error ?? leftOut},
			error: error === null ? `${item.name}: ${leftOut}` : `${error} ${leftOut}`,
		};
};

const leftOut = 'Something was left out: it is outside the restoration rights.';

/** As far as who asked may have it now. */
export const limitToAsker = async (task: RestoreTask, tools: TaskTools, backup: Backup): Promise<LimitedRestore> => {
	const {store, clock} = tools;
	const {identities} = await refreshAccounts(store, {clock});
	const limited = await limitRestore(task.request.restore, {
		limits: await readLimitsOfTask(store, task),
		backup,
		account: identities.find(({uuid, status}) => uuid === backup.accountUuid && status !== 'inactive'),
		machine: await readSetting(store, 'machine.name'),
		sourceOf: async id => readBackup(store, task.accountUuid!, id),
	});

	if (limited.isStrict === true && await isLess(limited, tools, backup)) {
		throw notAllOfIt();
	}

	return limited;
};

const isLess = async (limited: LimitedRestore, tools: TaskTools, backup: Backup): Promise<boolean> => {
	if (limited.withheld === undefined || limited.withheldItems!.length > 0) {
		return limited.withheldItems !== undefined && limited.withheldItems.length > 0;
	}

	const id = limited.items?.find(({name}) => name === 'homedir')?.backup ?? backup.id;
	const source = await readBackup(tools.store, backup.accountUuid, id);
	const {denied} = await tools.engine().planRestore(await toTreeRequest(tools, source, limited), {signal: tools.signal});

	return denied.count > 0;
};
