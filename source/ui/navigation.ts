import type {BackupView} from '../domain/backup-view.ts';
import type {ItemName} from '../domain/item.ts';
import type {RawPath} from '../domain/raw-name.ts';
import type {
	ItemChoice,
	RestoreAction,
	RestorePreview,
	Selection,
} from '../domain/restore.ts';
import type {TaskView} from '../domain/task-view.ts';

/** A screen and what it is about. */
export type Route =
	| {readonly screen: 'home'}
	/** `filter`: what the list begins with; so below. */
	| {readonly screen: 'accounts'; readonly filter?: string}
	| {readonly screen: 'account'; readonly account: AccountReference}
	| {readonly screen: 'account settings'; readonly accounts: readonly AccountReference[]}
	| {readonly screen: 'excludes'; readonly account: AccountReference}
	| {readonly screen: 'encryption'; readonly account: AccountReference}
	/** `isGone`: the account was removed. */
	| {readonly screen: 'backups'; readonly account: AccountReference; readonly isGone?: boolean}
	| {readonly screen: 'backup'; readonly backup: BackupView}
	| {readonly screen: 'items'; readonly backup: BackupView}
	| {readonly screen: 'other backup'; readonly backup: BackupView; readonly item: ItemName}
	/** `isForItems`: they are one of the items that are chosen, and go nowhere from here. */
	| {readonly screen: 'files'; readonly backup: BackupView; readonly isForItems?: boolean}
	| {readonly screen: 'viewer'; readonly backup: BackupView; readonly path: RawPath}
	| {readonly screen: 'options'; readonly backup: BackupView; readonly chosen: ChosenRestore}
	| {readonly screen: 'plan'; readonly preview: RestorePreview; readonly action: RestoreAction}
	| {readonly screen: 'queue'}
	| {readonly screen: 'task'; readonly task: string}
	| {readonly screen: 'rollback'; readonly task: TaskView}
	| {readonly screen: 'orphans'}
	| {readonly screen: 'assignable'; readonly filter?: string}
	| {readonly screen: 'downloads'; readonly filter?: string}
	| {readonly screen: 'jobs'}
	| {readonly screen: 'job'; readonly job: string}
	| {readonly screen: 'tags'}
	| {readonly screen: 'groups'}
	| {readonly screen: 'settings'}
	/** Of all accounts, or of one. */
	| {readonly screen: 'retention'; readonly account?: AccountReference}
	| {readonly screen: 'users'}
	| {readonly screen: 'rights'; readonly user: string}
	| {readonly screen: 'audit'};

/** What of a backup is to come back. */
export type ChosenRestore = {
	readonly items: readonly ItemChoice[];
	/** Of the home. */
	readonly selection: Selection;
	/** `2 files · 5.0 KB`. */
	readonly words: string;
};

export type AccountReference = {readonly uuid: string; readonly name: string};

/** An opened screen. What its screen wants to find again when it is shown again lies in `memory`, and goes with it. */
export type Opened = {readonly key: number; readonly route: Route; readonly memory: Map<string, unknown>};

export type NavigationState = {readonly opened: readonly [Opened, ...Opened[]]; readonly nextKey: number};

export type NavigationEvent =
	| {readonly type: 'entered'; readonly route: Route}
	/** Out one level; home stays. */
	| {readonly type: 'left'}
	/** In place of the current screen. */
	| {readonly type: 'replaced'; readonly route: Route}
	/** To one of the main screens, from anywhere. */
	| {readonly type: 'jumped'; readonly route: Route};

const openRoute = (key: number, route: Route): Opened => ({key, route, memory: new Map()});

export const startNavigation = (): NavigationState => ({opened: [openRoute(0, {screen: 'home'})], nextKey: 1});

export const reduceNavigation = ({opened, nextKey}: NavigationState, event: NavigationEvent): NavigationState => {
	switch (event.type) {
		case 'entered': {
			return {opened: [...opened, openRoute(nextKey, event.route)], nextKey: nextKey + 1};
		}

		case 'left': {
			const [home, ...others] = opened;

			return {opened: [home, ...others.slice(0, -1)], nextKey};
		}

		case 'replaced': {
			const [home, ...others] = opened;

			return {opened: [home, ...others.slice(0, -1), openRoute(nextKey, event.route)], nextKey: nextKey + 1};
		}

		case 'jumped': {
			const [home] = opened;

			return event.route.screen === 'home'
				? {opened: [home], nextKey}
				: {opened: [home, openRoute(nextKey, event.route)], nextKey: nextKey + 1};
		}
	}
};
