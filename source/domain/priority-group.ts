/** A queue priority group: one number for each kind of work; lower is earlier. */
export type PriorityGroup = {
	readonly name: string;
	readonly backup: number;
	readonly restore: number;
	readonly download: number;
	readonly tags: readonly string[];
	readonly isDefault: boolean;
};

export const defaultPriorityGroups: readonly PriorityGroup[] = [
	{
		name: 'High', backup: 10, restore: 10, download: 10, tags: [], isDefault: false,
	},
	{
		name: 'Normal', backup: 50, restore: 50, download: 50, tags: [], isDefault: true,
	},
	{
		name: 'Low', backup: 90, restore: 90, download: 90, tags: [], isDefault: false,
	},
];
