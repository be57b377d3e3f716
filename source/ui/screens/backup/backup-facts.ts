import type {BackupView} from '../../../domain/backup-view.ts';
import {countOf, formatBytes} from '../../../domain/units.ts';
import {factLine} from '../../components/fact-line.ts';
import {wrapWords} from '../../look/fit.ts';
import {showSentence} from '../../look/name.ts';
import {
	muted,
	plain,
	strong,
	toned,
	type Line,
} from '../../look/span.ts';
import {showTime} from '../../look/time.ts';
import {backupStatusSpan, itemWords, kindWords} from '../backups/backups-list.ts';

/** What a backup is, a line each. */
export const backupFacts = (backup: BackupView): readonly Line[] => [
	factLine('Id', [plain(backup.id)]),
	factLine('Status', [backupStatusSpan(backup.status)]),
	factLine('Kind', [plain(kindWords[backup.kind]), muted(`  ${backup.structure}${backup.job === null ? '' : `, job ${backup.job}`}`)]),
	factLine('Holds', [plain(`${countOf(backup.fileCount, 'file')}, ${formatBytes(backup.sizeBytes)}`), muted(`  ${formatBytes(backup.storedBytes)} added to the destination`)]),
	...(backup.locked ? [factLine('Lock', [toned('accent', backup.lockedUntil === null ? 'for ever' : `until ${backup.lockedUntil.slice(0, 10)}`)])] : []),
	...(backup.encrypted ? [factLine('Encrypted', [plain(`${backup.keyKind ?? 'local'} key`)])] : []),
];

/** A backup with its items, for the second pane. */
export const backupDetails = (backup: BackupView, width: number): readonly Line[] => [
	[strong(showTime(backup.createdAt))],
	[],
	...backupFacts(backup),
	[],
	...backup.items.flatMap(({name, status, fileCount, sizeBytes, error}): readonly Line[] => [
		[plain(`   ${itemWords[name]}`), muted(`  ${status}, ${countOf(fileCount, 'file')}, ${formatBytes(sizeBytes)}`)],
		...(error === null ? [] : wrapWords(showSentence(error), width - 6).map((text): Line => [toned('warning', `     ${text}`)])),
	]),
];
