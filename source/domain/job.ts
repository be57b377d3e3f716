import type {Structure} from './backup.ts';
import type {ItemName} from './item.ts';

/** Which accounts a job backs up: the union of what is named, minus the exclusions. */
export type JobAccounts = {
	readonly isAll: boolean;
	/** UUIDs. */
	readonly accounts: readonly string[];
	readonly tags: readonly string[];
	/** Names of owning resellers. */
	readonly owners: readonly string[];
	/** UUIDs left out of all of the above. */
	readonly exclusions: readonly string[];
};

/** Backups remember the ids of the schedules they belong to, so that a changed schedule keeps its backups. */
type Schedule = {
	/** 16 characters of 0–9a–z. */
	readonly id: string;
	/** `daily@02:30`, `weekly/sun@04:00`, …. */
	readonly when: string;
	readonly keep: number;
};

export type Job = {
	readonly name: string;
	readonly accounts: JobAccounts;
	readonly items: readonly ItemName[];
	readonly structure: Structure;
	/** Id of the destination. */
	readonly destination: string;
	readonly encrypted: boolean;
	readonly enabled: boolean;
	readonly schedules: readonly Schedule[];
	readonly excludes: readonly string[];
	/** How many manual runs are kept per account. */
	readonly manualRetain: number;
};

export const allAccounts: JobAccounts = {
	isAll: true, accounts: [], tags: [], owners: [], exclusions: [],
};
