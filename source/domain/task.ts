import type {DataShare} from './data-share.ts';
import type {DownloadRequest} from './download.ts';
import type {ItemName, ItemResult} from './item.ts';
import type {RollbackRequest} from './rollback.ts';
import type {
	ItemChoice,
	RestoreRequest,
	RestoreSummary,
	Selection,
} from './restore.ts';
import type {Role} from './user.ts';

export type TaskKind = 'backup' | 'restore' | 'download' | 'verify' | 'cleanup' | 'assign' | 'rollback';
export type TaskState = 'pending' | 'running' | 'completed' | 'partial' | 'failed' | 'aborted' | 'interrupted';

export type TaskProgress = {
	readonly bytesDone: number;
	/** `null` until known. */
	readonly bytesTotal: number | null;
	readonly filesDone: number;
	readonly filesTotal: number | null;
	/** Raw path; `null` when nothing is being read or written. */
	readonly currentPath: string | null;
};

export type TaskError = {
	readonly code: string;
	readonly message: string;
	readonly hint: string | null;
};

/** What the task was asked to do; one member per kind that exists so far. */
export type TaskRequest =
	| {
		readonly kind: 'backup';
		readonly backupKind: 'manual' | 'onDemand' | 'scheduled' | 'safety' | 'imported';
		/** The job whose settings it uses. */
		readonly job: string | null;
		/** Ids of the schedules it is made for. */
		readonly schedules: readonly string[];
		readonly items: readonly ItemName[];
		/** An import: the package that becomes a backup, and the destination it goes to. */
		readonly package?: {readonly file: string; readonly destination: string} | undefined;
	}
	| {readonly kind: 'restore'; readonly restore: RestoreRequest}
	| {readonly kind: 'download'; readonly download: DownloadRequest}
	| {readonly kind: 'rollback'; readonly rollback: RollbackRequest}
	| {
		readonly kind: 'verify';
		/** The only backup that is checked; `null`: all. */
		readonly backup: string | null;
		/** Every stored byte is read, too. */
		readonly isDataRead: boolean;
		/** Only this share of them. */
		readonly share?: DataShare | undefined;
	}
	/** `isForgetting`: what this server remembers of backups that only their owners open goes, too. */
	| {
		readonly kind: 'cleanup';
		readonly isForgetting?: boolean | undefined;
		/** Ids of keys of the task's account: every backup of it under them is deleted, and nothing else is cleaned up. */
		readonly resetKeys?: readonly string[] | undefined;
	}
	| {
		readonly kind: 'assign';
		/** UUID of the removed account whose backups become the task's account's. */
		readonly from: string;
	};

/** What of a restore or a rollback is carried out. */
export type TaskReach = {
	readonly items: readonly ItemChoice[];
	/** Of the home. */
	readonly selection: Selection;
};

/** A task as the state keeps it: without progress, which is never saved. */
export type Task = {
	/** 16 characters of 0–9a–z. */
	readonly id: string;
	readonly kind: TaskKind;
	readonly account: string | null;
	readonly accountUuid: string | null;
	readonly state: TaskState;
	/** The effective priority it was taken with; `null` while pending (it is computed when asked for). */
	readonly priority: number | null;
	readonly queuedAt: string;
	readonly startedAt: string | null;
	readonly endedAt: string | null;
	/** Name of the Holdfast user. */
	readonly requestedBy: string;
	/** The role of one who signed in: what they may is asked again when the task is carried out. */
	readonly askedAs?: Role | undefined;
	readonly request: TaskRequest;
	/** Fingerprints of owners' private keys that it reads with; they are given to the runner, and never kept. */
	readonly keysNeeded?: readonly string[] | undefined;
	readonly items: readonly ItemResult[];
	/** Id of the backup it made or reads. */
	readonly backup: string | null;
	readonly download: string | null;
	/** What was live before it was run for the first time. */
	readonly safetyBackup: string | null;
	/** Of somebody who signed in: what the rights gave of the request when the safety backup was made. More was not touched, and is not undone. */
	readonly within?: TaskReach | undefined;
	/** What was live before it was run for the last time, where that is another. */
	readonly laterSafetyBackup?: string | null | undefined;
	/** What a restore did; `null` for other kinds and before the end. */
	readonly summary: RestoreSummary | null;
	/** Sentences worth reading, at most 1,000; problems first. */
	readonly findings: ReadonlyArray<{readonly level: 'note' | 'problem'; readonly path: string; readonly message: string}>;
	readonly error: TaskError | null;
};

/** Where the state keeps a task: with its account's, or with those that belong to no account. */
export const taskKeyOf = ({accountUuid}: Pick<Task, 'accountUuid'>): string => accountUuid ?? serverTasksKey;

export const serverTasksKey = 'server';
