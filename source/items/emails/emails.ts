/** One part a mailbox: a folder with messages in files of their own, or the one file that the system delivers to. */
import {chmod, mkdir} from 'node:fs/promises';
import {toScreen, type RawPath} from '../../domain/raw-name.ts';
import {Directory, systemPath} from '../../system/directory.ts';
import type {
	Item,
	PartContext,
	RestoreContext,
} from '../item.ts';
import {isThere} from '../live-file.ts';
import {NothingThereError} from '../nothing-there.ts';
import {captureMailbox} from './capture-mailbox.ts';
import {copyFile} from './copy-file.ts';
import {
	checkOwner,
	findMailboxes,
	type Mailbox,
	placeMailbox,
} from './mailboxes.ts';
import type {PartRestore} from './part-restore.ts';
import {restoreFile} from './restore-file.ts';
import {removeFile, removeFolder} from './remove-mailbox.ts';
import {restoreFolder} from './restore-folder.ts';

/** Names in the folder of a part. */
const storedNames = {folder: 'mail', file: 'mbox'} as const;

export const emails: Item = {
	name: 'emails',
	isOfFiles: true,
	keepsLiveOnly: true,

	async discover(context) {
		const mailboxes = await findMailboxes(context);

		return mailboxes.map(({part}) => part);
	},

	async capture(context) {
		const mailboxes = await findMailboxes(context);
		const mailbox = findPart(mailboxes, context.part);
		await checkOwner(context, mailbox);

		if (!isThere(mailbox.path)) {
			throw new NothingThereError(`${toScreen(mailbox.path)} does not exist`);
		}

		if (mailbox.kind === 'file') {
			await captureFile(mailbox, context);

			return [];
		}

		const target = `${context.folder}/${storedNames.folder}`;
		await mkdir(systemPath(target), {mode: 0o700});

		return withFolders(mailbox.path, target, async (source, copy) => {
			const findings = await captureMailbox(source, copy, {
				path: mailbox.path, part: mailbox.part, others: othersOf(mailboxes, mailbox), signal: context.signal,
			});
			await chmod(systemPath(target), Number(source.stat().mode & 0o777n));

			return findings;
		});
	},

	async placeOf(context) {
		const mailboxes = await findMailboxes(context);

		return findPart(mailboxes, context.part).path;
	},

	async landsIn(context) {
		const mailbox = await placeMailbox(context, {part: context.part, kind: context.part === 'mbox' ? 'file' : 'folder'});

		return mailbox.path;
	},

	async plan(context) {
		const restore = await openPart(context);

		return restore.plan();
	},

	async putBack(context) {
		const restore = await openPart(context);

		return restore.putBack();
	},

	async check(context) {
		const restore = await openPart(context);

		await restore.check();
	},

	async remove(context) {
		const mailboxes = await findMailboxes(context);
		const mailbox = findPart(mailboxes, context.part);
		await checkOwner(context, mailbox);

		if (!isThere(mailbox.path)) {
			return;
		}

		const brought = context.brought === undefined ? undefined : `${context.brought}/${storedNames[mailbox.kind]}`;
		await (mailbox.kind === 'file' ? removeFile(mailbox.path, brought) : removeFolder(mailbox.path, {others: othersOf(mailboxes, mailbox), brought}));
	},
};

const findPart = (mailboxes: readonly Mailbox[], part: string): Mailbox => {
	const mailbox = mailboxes.find(each => each.part === part);

	if (mailbox === undefined) {
		throw new Error('the mailbox vanished before it was read');
	}

	return mailbox;
};

/** Paths of the account's other mailboxes, which may lie in this one. */
const othersOf = (mailboxes: readonly Mailbox[], {path}: Mailbox): readonly RawPath[] => mailboxes.map(other => other.path).filter(other => other !== path);

const captureFile = async ({path}: Mailbox, {folder, account}: PartContext): Promise<void> => {
	const slash = path.lastIndexOf('/');

	await withFolders(path.slice(0, slash), folder, async (source, target) => {
		const outcome = await copyFile({folder: source, name: path.slice(slash + 1)}, {folder: target, name: storedNames.file}, {uid: account.uid});

		if (outcome !== 'copied') {
			throw new Error(`${toScreen(path)} could not be read: it is ${outcome}`);
		}
	});
};

/** Works in a live folder and one of ours. */
const withFolders = async <Result>(path: RawPath, ours: RawPath, work: (live: Directory, own: Directory) => Promise<Result>): Promise<Result> => {
	const live = Directory.openTrusted(path, false);

	try {
		const own = Directory.open(ours);

		try {
			return await work(live, own);
		} finally {
			own.close();
		}
	} finally {
		live.close();
	}
};

const openPart = async (context: RestoreContext): Promise<PartRestore> => {
	const kind = isThere(`${context.folder}/${storedNames.folder}`) ? 'folder' : 'file';
	const mailbox = await placeMailbox(context, {part: context.part, kind});
	const stored = `${context.folder}/${storedNames[kind]}`;

	if (kind === 'file') {
		return restoreFile(context, {mailbox, stored});
	}

	const mailboxes = await findMailboxes(context);

	return restoreFolder(context, {mailbox, stored, others: othersOf(mailboxes, mailbox)});
};
