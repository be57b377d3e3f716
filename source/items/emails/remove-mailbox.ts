import {readFile} from 'node:fs/promises';
import {Buffer} from 'node:buffer';
import {toScreen, type RawPath} from '../../domain/raw-name.ts';
import {Directory, systemPath} from '../../system/directory.ts';
import {readMountPoints} from '../../system/mounts.ts';
import {readIn, replaceIn} from '../live-file.ts';
import {removeTree} from '../remove-tree.ts';
import {isAllBrought} from './brought-mail.ts';
import {mergeMbox, textOf, withMailLock} from './mbox.ts';

export type RemoveFolderOptions = {
	/** Absolute paths of the account's other mailboxes. */
	readonly others: readonly RawPath[];
	/** What a restore brought of it, in a folder of ours: with anything else in it, the mailbox stays. */
	readonly brought: RawPath | undefined;
};

/**
Removes a mailbox.
@throws Error where something is in it that must stay; nothing is removed then
*/
export const removeFolder = async (path: RawPath, {others, brought}: RemoveFolderOptions): Promise<void> => {
	const inside = [...others, ...readMountPoints()].find(place => place.startsWith(`${path}/`));

	if (inside !== undefined) {
		throw new Error(`${toScreen(inside)}, which is none of its own, lies in it`);
	}

	const slash = path.lastIndexOf('/');
	const parent = Directory.openTrusted(slash === 0 ? '/' : path.slice(0, slash), false);

	try {
		if (brought !== undefined) {
			checkBrought(parent, path.slice(slash + 1), brought);
		}

		removeTree(parent, path.slice(slash + 1));
	} finally {
		parent.close();
	}
};

const checkBrought = (parent: Directory, name: RawPath, brought: RawPath): void => {
	const stored = Directory.open(brought);

	try {
		const live = parent.openFolder(name);

		try {
			if (!isAllBrought(live, stored)) {
				throw new Error('mail came since it was restored, so that it stays');
			}
		} finally {
			live.close();
		}
	} finally {
		stored.close();
	}
};

/** Removes the file that the system delivers to; where a restore brought it, only the messages that came with that. */
export const removeFile = async (path: RawPath, brought: RawPath | undefined): Promise<void> => {
	const slash = path.lastIndexOf('/');
	const name = path.slice(slash + 1);
	const folder = Directory.openTrusted(path.slice(0, slash), false);

	try {
		await withMailLock(folder, name, async () => {
			const {content, owner} = readIn(folder, name);
			const added = brought === undefined ? undefined : await readFile(systemPath(brought));
			const rest = added === undefined ? '' : mergeMbox(textOf(content), '', textOf(added));

			if (rest === '') {
				folder.remove(name);
			} else {
				replaceIn(folder, name, {content: Buffer.from(rest, 'latin1'), owner});
			}
		});
	} finally {
		folder.close();
	}
};
