import {toText} from '../domain/raw-name.ts';
import type {Task} from '../domain/task.ts';
import {countOf, formatBytes} from '../domain/units.ts';
import {appendAudit} from '../state/audit-log.ts';
import type {Store} from '../state/store.ts';
import type {Clock} from '../system/clock.ts';
import type {TaskOutcome} from './task-outcome.ts';

/** Writes into the audit log what a task came to. It is on disk when this resolves. */
export const recordTask = async ({store, clock}: {readonly store: Store; readonly clock: Clock}, {id, kind, account, requestedBy}: Task, {state, denied = null}: TaskOutcome): Promise<void> => appendAudit(store.directory, {
	at: clock.now().toISOString(),
	user: requestedBy,
	action: kind,
	target: account === null ? id : `${toText(account)} ${id}`,
	fields: [],
	result: state,
	...denied !== null && {detail: `left out for want of rights: ${countOf(denied.count, 'entry', 'entries')}, ${formatBytes(denied.bytes)}`},
});
