import type {AnyCommand} from './command.ts';

export type CommandEntry = {
	/** The words that call it. */
	readonly name: string;
	/** What it does, without a full stop. */
	readonly summary: string;
	/** Commands are imported when they are called, so that each starts fast. */
	readonly load: () => Promise<AnyCommand>;
};

/** Every command, in the order of the help. */
export const commands: readonly CommandEntry[] = [
	{name: 'init', summary: 'first set-up: state, keys, a local destination, a first job', load: async () => (await import('./init.ts')).init},
	{name: 'status', summary: 'one screen: accounts, last runs, problems, queue, space', load: async () => (await import('./status.ts')).status},
	{name: 'doctor', summary: 'checks the surroundings and says how to mend each problem', load: async () => (await import('./doctor.ts')).doctor},
	{name: 'account list', summary: 'the accounts, with their last backup, count and size', load: async () => (await import('./account-list.ts')).accountList},
	{name: 'account show', summary: 'one account and its settings', load: async () => (await import('./account-show.ts')).accountShow},
	{name: 'account set', summary: 'changes the settings of an account', load: async () => (await import('./account-set.ts')).accountSet},
	{name: 'account rebind', summary: 'says that the changed homes of accounts are theirs', load: async () => (await import('./account-rebind.ts')).accountRebind},
	{name: 'orphan list', summary: 'removed accounts that still have backups', load: async () => (await import('./orphan-list.ts')).orphanList},
	{name: 'destination list', summary: 'where backups live', load: async () => (await import('./destination.ts')).destinationList},
	{name: 'destination show', summary: 'one destination, its space and its condition', load: async () => (await import('./destination.ts')).destinationShow},
	{name: 'destination check', summary: 'whether a destination is there and is the right one', load: async () => (await import('./destination.ts')).destinationCheck},
	{name: 'setting list', summary: 'all settings, with their default, unit and meaning', load: async () => (await import('./setting.ts')).settingList},
	{name: 'setting get', summary: 'one setting', load: async () => (await import('./setting.ts')).settingGet},
	{name: 'setting set', summary: 'changes a setting', load: async () => (await import('./setting.ts')).settingSet},
	{name: 'completion', summary: 'shell completion', load: async () => (await import('./completion.ts')).completion},
];
