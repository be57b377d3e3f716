import type {OrphanView} from '../domain/orphan.ts';
import {toText} from '../domain/raw-name.ts';

export const orphanFieldNames = ['uuid', 'name', 'lastSeenAt', 'backupCount', 'oldestAt', 'newestAt', 'sizeBytes', 'reclaimableBytes', 'encrypted', 'lockedCount', 'expiresAt'] as const;

/** The fields of an orphan, in words for the help. */
export const orphanFields = orphanFieldNames.join(', ');

export const orphanToJson = (orphan: OrphanView): Readonly<Record<(typeof orphanFieldNames)[number], string | number | boolean | null>> => ({...orphan, name: toText(orphan.name)});
