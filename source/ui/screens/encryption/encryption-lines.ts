import type {EncryptionView, KeyView} from '../../../actions/account-encryption.ts';
import type {ResetPreview} from '../../../actions/reset-key.ts';
import {countOf, formatBytes} from '../../../domain/units.ts';
import {factLine} from '../../components/fact-line.ts';
import {wrapWords} from '../../look/fit.ts';
import {
	muted,
	plain,
	toned,
	type Line,
} from '../../look/span.ts';
import {showTime} from '../../look/time.ts';

/** The keys of an account, and the jobs that leave it out. */
export const encryptionLines = ({account, keys}: EncryptionView, width: number): readonly Line[] => [
	...keys.length === 0 ? [factLine('Key', [muted('none: its first encrypted backup makes a local one')])] : keys.flatMap(key => keyLines(key)),
	...account.leftOutOf.map(({job, wish}) => factLine('Left out of', [toned('warning', `${job}: it wants ${wish}`)])),
	[],
	...wrapWords('A remote key\'s private half is its owner\'s: backups go on unattended, and nobody here reads them afterwards. Names and sizes this server may still remember.', width - 6).map((text): Line => [muted(`   ${text}`)]),
];

const keyLines = ({kind, fingerprint, createdAt, retiredAt, backupCount}: KeyView): readonly Line[] => [
	factLine(retiredAt === null ? 'Key' : 'Old key', [plain(kind), muted(`  ${showTime(retiredAt ?? createdAt)}  ${countOf(backupCount, 'backup')} under it`)]),
	...fingerprint === null ? [] : [factLine('', [muted(fingerprint)])],
];

const backupsNamed = 6;

/** What a reset deletes. */
export const resetLines = ({backups, lockedCount, storedBytes}: ResetPreview): readonly Line[] => [
	[toned('bad', `${countOf(backups.length, 'encrypted backup')} for good, ${lockedCount} of them locked; making them added ${formatBytes(storedBytes)}.`)],
	...backups.slice(0, backupsNamed).map((backup): Line => [muted(`  ${backup.id}  ${showTime(backup.createdAt)}  ${backup.kind}${backup.locked ? '  locked' : ''}`)]),
	...backups.length > backupsNamed ? [[muted(`  and ${backups.length - backupsNamed} more`)]] : [],
];
