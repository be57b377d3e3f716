import {whyNotPermitted, type ActionName} from '../domain/permissions.ts';
import type {Actor} from '../actions/context.ts';

/** The screens that can be gone to from anywhere, and what reading each needs; the tasks of a USER are the own ones. */
const needs = {
	home: undefined,
	accounts: 'listAccounts',
	queue: 'listTasks',
	orphans: 'listOrphans',
	assignable: 'listAssignable',
	downloads: 'listDownloads',
	jobs: 'listJobs',
	tags: 'listTags',
	groups: 'listGroups',
	settings: 'listSettings',
	retention: 'previewRetention',
	users: 'listUsers',
	audit: 'readAudit',
} as const satisfies Readonly<Record<string, ActionName | undefined>>;

export type MainScreen = keyof typeof needs;

export const mainScreens = Object.keys(needs) as readonly MainScreen[];

/** Why somebody cannot open a screen; `undefined`: it can be opened. */
export const whyNotOpen = ({role}: Actor, screen: MainScreen): string | undefined => {
	const act = needs[screen];

	return act === undefined ? undefined : whyNotPermitted(role, act);
};
