import type {BackupView} from '../../../domain/backup-view.ts';
import type {RotatedBackup} from '../../../domain/rotation-digest.ts';
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
	...identifyingFacts(backup, [backup.structure]),
	factLine('Holds', [plain(`${countOf(backup.fileCount, 'file')}, ${formatBytes(backup.sizeBytes)}`), muted(`  ${formatBytes(backup.storedBytes)} added to the destination`)]),
	...lockFacts(backup),
	...(backup.encrypted ? [factLine('Encrypted', [plain(`${backup.keyKind ?? 'local'} key`)])] : []),
];

/** The same, of what retention knows. */
export const rotationFacts = (backup: RotatedBackup): readonly Line[] => [
	...identifyingFacts(backup, []),
	factLine('Holds', [plain(formatBytes(backup.sizeBytes)), muted(`  ${formatBytes(backup.storedBytes)} added to the destination`)]),
	...lockFacts(backup),
];

type Identifying = Pick<BackupView, 'id' | 'status' | 'kind' | 'job'>;

const identifyingFacts = ({id, status, kind, job}: Identifying, words: readonly string[]): readonly Line[] => [
	factLine('Id', [plain(id)]),
	factLine('Status', [backupStatusSpan(status)]),
	factLine('Kind', [plain(kindWords[kind]), muted(`  ${[...words, ...job === null ? [] : [`job ${job}`]].join(', ')}`)]),
];

const lockFacts = ({locked, lockedUntil}: Pick<BackupView, 'locked' | 'lockedUntil'>): readonly Line[] => locked ? [factLine('Lock', [toned('accent', lockedUntil === null ? 'for ever' : `until ${showTime(lockedUntil)}`)])] : [];

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
