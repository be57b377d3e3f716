import {isDeepStrictEqual} from 'node:util';
import type {BackupView} from '../../../domain/backup-view.ts';
import {itemNames} from '../../../domain/item.ts';
import {everything, type ItemChoice, type Selection} from '../../../domain/restore.ts';
import {nothingTicked} from '../../../domain/selection-tree.ts';
import {countOf} from '../../../domain/units.ts';
import {
	partsHeld,
	sourceOf,
	tickedParts,
	tickStateOfItem,
	toItemChoices,
	whyNotItem,
	type TickedBackup,
} from '../../item-ticks.ts';
import {glyph} from '../../look/appearance.ts';
import {itemWords} from '../backups/backups-list.ts';

/** Every item and part that a backup holds. */
export const everythingIn = (backup: BackupView): {readonly ticks: TickedBackup; readonly choices: readonly ItemChoice[]} => {
	const parts = itemNames.flatMap(name => name === 'homedir' ? [] : [[name, new Set(partsHeld(backup, name).map(part => part.name))] as const]);
	const ticks: TickedBackup = {backup, files: nothingTicked, ticks: {home: 'whole', parts: new Map(parts), sources: new Map()}};

	return {ticks, choices: toItemChoices(ticks)};
};

/** Whether that is chosen, as a command without choices takes it. */
export const isEverything = (backup: BackupView, {items, selection}: {readonly items: readonly ItemChoice[]; readonly selection: Selection}): boolean =>
	isDeepStrictEqual({items, selection}, {items: everythingIn(backup).choices, selection: everything});

/** `2 items · home directory, databases (1 of 3)`. */
export const itemsWords = (ticked: TickedBackup): string => {
	const chosen = itemNames.filter(name => tickStateOfItem(ticked, name) !== 'none');

	const words = chosen.map(name => {
		const word = itemWords[name].toLowerCase();

		if (tickStateOfItem(ticked, name) === 'all') {
			return word;
		}

		return name === 'homedir' ? `${word} (some files)` : `${word} (${tickedParts(ticked, name).length} of ${partsHeld(sourceOf(ticked, name), name).length})`;
	});

	return [countOf(chosen.length, 'item'), words.join(', ')].join(` ${glyph('dot')} `);
};

/** Why single files cannot be chosen from a backup. */
export const whyNotFiles = (backup: BackupView): string | undefined => {
	if (whyNotItem(backup, 'homedir') !== undefined) {
		return 'This backup holds no home directory.';
	}

	return backup.structure === 'incremental' ? undefined : `${backup.structure}: it comes back as a whole`;
};
