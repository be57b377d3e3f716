/** Carries out the plan for a mailbox. What is new is written beside and renamed; only single names in open folders are used. */
import {fsyncSync} from 'node:fs';
import process from 'node:process';
import {setImmediate as nextTurn} from 'node:timers/promises';
import type {RawPath} from '../../domain/raw-name.ts';
import type {Directory} from '../../system/directory.ts';
import {removeIfThere} from '../live-file.ts';
import {removeTree} from '../remove-tree.ts';
import {copyFile} from './copy-file.ts';
import {withFolder} from './mail-folder.ts';
import type {FolderPlan, MailStep} from './plan-mailbox.ts';

export type WriteOptions = {
	readonly owner: {readonly uid: number; readonly gid: number};
	readonly signal: AbortSignal;
};

type Pair = {readonly stored: Directory; readonly live: Directory};

const stepsAtOnce = 50;
const temporary = '.holdfast.new';

export const writeMailbox = async (pair: Pair, plan: FolderPlan, options: WriteOptions): Promise<void> => {
	let count = 0;

	for (const step of plan.steps) {
		if (++count % stepsAtOnce === 0) {
			await nextTurn();
			options.signal.throwIfAborted();
		}

		await carryOut(pair, step, options);
	}

	for (const folder of plan.folders) {
		const name = folder.path.slice(folder.path.lastIndexOf('/') + 1);
		const stored = pair.stored.openFolder(name);

		try {
			const live = pair.live.openFolder(name);

			try {
				await writeMailbox({stored, live}, folder, options);
			} finally {
				live.close();
			}
		} finally {
			stored.close();
		}
	}

	fsyncSync(pair.live.fd);
};

const carryOut = async (pair: Pair, step: MailStep, options: WriteOptions): Promise<void> => {
	const {stored, live} = pair;

	switch (step.type) {
		case 'makeFolder': {
			makeFolder(pair, step.name, options);
			break;
		}

		case 'writeLink': {
			removeIfThere(live, temporary);
			live.makeLink(stored.readLink(step.name), temporary);
			giveAway(live, temporary, options);
			live.rename(temporary, step.name);
			break;
		}

		case 'writeFile': {
			await writeFile(pair, step.name, options);
			break;
		}

		case 'writeMessage': {
			await inBoxes(pair, step.box, async boxesOfPair => writeFile(boxesOfPair, step.name, options));

			for (const {box, name} of step.live) {
				if (box !== step.box || name !== step.name) {
					withFolder(live, box, folder => {
						removeIfThere(folder, name);
					});
				}
			}

			break;
		}

		case 'moveMessage': {
			const from = live.openFolder(step.live.box);

			try {
				const to = live.openFolder(step.box);

				try {
					to.moveFrom(from, step.live.name, step.name);
				} finally {
					to.close();
				}
			} finally {
				from.close();
			}

			break;
		}

		case 'removeMessage': {
			withFolder(live, step.live.box, folder => {
				removeTree(folder, step.live.name);
			});
			break;
		}

		case 'remove': {
			removeTree(live, step.name);
			break;
		}
	}
};

const makeFolder = ({stored, live}: Pair, name: RawPath, options: WriteOptions): void => {
	// Something else has the name: a file, or a link that leads anywhere.
	removeIfThere(live, name);
	live.makeFolder(name, 0o700);
	giveAway(live, name, options);
	const made = live.openFolder(name);

	try {
		made.changeMode('.', Number(stored.lstat(name).mode & 0o777n));
	} finally {
		made.close();
	}
};

const writeFile = async ({stored, live}: Pair, name: RawPath, options: WriteOptions): Promise<void> => {
	removeIfThere(live, temporary);
	const outcome = await copyFile({folder: stored, name}, {folder: live, name: temporary}, {owner: options.owner, uid: process.geteuid!()});

	if (outcome !== 'copied') {
		throw new Error(`the stored file is ${outcome}`);
	}

	live.rename(temporary, name);
};

const inBoxes = async ({stored, live}: Pair, box: RawPath, work: (pair: Pair) => Promise<void>): Promise<void> => {
	const from = stored.openFolder(box);

	try {
		const to = live.openFolder(box);

		try {
			await work({stored: from, live: to});
		} finally {
			to.close();
		}
	} finally {
		from.close();
	}
};

const giveAway = (folder: Directory, name: RawPath, {owner}: WriteOptions): void => {
	if (process.geteuid!() === 0) {
		folder.changeOwner(name, owner.uid, owner.gid);
	}
};
