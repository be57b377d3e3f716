import type {AnyCommand} from './command.ts';

export type CommandEntry = {
	/** The words that call it. */
	readonly name: string;
	/** What it does, without a full stop. */
	readonly summary: string;
	/** Commands are imported when they are called, so that each starts fast. */
	readonly load: () => Promise<AnyCommand>;
};

const from = <Key extends string>(load: () => Promise<Readonly<Record<Key, AnyCommand>>>, key: Key) => async (): Promise<AnyCommand> => {
	const module = await load();

	return module[key];
};

/** Every command, in the order of the help. */
export const commands: readonly CommandEntry[] = [
	{name: 'init', summary: 'first set-up: state, keys, a local destination, a first job', load: from(async () => import('./init.ts'), 'init')},
	{name: 'status', summary: 'one screen: accounts, last runs, problems, queue, space', load: from(async () => import('./status.ts'), 'status')},
	{name: 'doctor', summary: 'checks the surroundings and says how to mend each problem', load: from(async () => import('./doctor.ts'), 'doctor')},
	{name: 'account list', summary: 'the accounts, with their last backup, count and size', load: from(async () => import('./account-list.ts'), 'accountList')},
	{name: 'account show', summary: 'one account and its settings', load: from(async () => import('./account-show.ts'), 'accountShow')},
	{name: 'account set', summary: 'changes the settings of an account', load: from(async () => import('./account-set.ts'), 'accountSet')},
	{name: 'account rebind', summary: 'says that the changed homes of accounts are theirs', load: from(async () => import('./account-rebind.ts'), 'accountRebind')},
	{name: 'orphan list', summary: 'removed accounts that still have backups', load: from(async () => import('./orphan-list.ts'), 'orphanList')},
	{name: 'destination list', summary: 'where backups live', load: from(async () => import('./destination.ts'), 'destinationList')},
	{name: 'destination show', summary: 'one destination, its space and its condition', load: from(async () => import('./destination.ts'), 'destinationShow')},
	{name: 'destination check', summary: 'whether a destination is there and is the right one', load: from(async () => import('./destination.ts'), 'destinationCheck')},
	{name: 'setting list', summary: 'all settings, with their default, unit and meaning', load: from(async () => import('./setting.ts'), 'settingList')},
	{name: 'setting get', summary: 'one setting', load: from(async () => import('./setting.ts'), 'settingGet')},
	{name: 'setting set', summary: 'changes a setting', load: from(async () => import('./setting.ts'), 'settingSet')},
	{name: 'completion', summary: 'shell completion', load: from(async () => import('./completion.ts'), 'completion')},
];
