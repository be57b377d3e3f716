import {toScreen, toText} from '../domain/raw-name.ts';
import type {RetentionDecision} from '../domain/retention.ts';
import type {RotatedBackup} from '../domain/rotation-digest.ts';
import {countOf} from '../domain/units.ts';
import {showTime} from './show-time.ts';

export const decisionToJson = ({backup, reasons}: RetentionDecision<RotatedBackup>) => ({
	id: backup.id,
	accountUuid: backup.accountUuid,
	account: toText(backup.account),
	createdAt: backup.createdAt,
	kind: backup.kind,
	job: backup.job,
	reasons,
});

/** A heading with the count, and a line for each backup with what decides about it. */
export const describeDecisions = (heading: string, decisions: ReadonlyArray<RetentionDecision<RotatedBackup>>): string => [
	`${heading}: ${countOf(decisions.length, 'backup')}${decisions.length === 0 ? '.' : ':'}`,
	...decisions.map(({backup, reasons}) => `  ${backup.id}  ${toScreen(backup.account)}  ${showTime(backup.createdAt)}  ${backup.kind}: ${reasons.join('; ')}`),
].join('\n');
