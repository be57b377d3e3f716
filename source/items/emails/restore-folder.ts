import {basename} from 'node:path/posix';
import process from 'node:process';
import type {Finding} from '../../domain/item.ts';
import {toScreen, type RawPath} from '../../domain/raw-name.ts';
import {countOf} from '../../domain/units.ts';
import {Directory} from '../../system/directory.ts';
import {readMountPoints} from '../../system/mounts.ts';
import type {RestoreContext, Room} from '../item.ts';
import {isThere} from '../live-file.ts';
import {sizeOfFolder} from '../size-of-folder.ts';
import type {PartRestore, StoredMailbox} from './part-restore.ts';
import {planMailbox, type FolderPlan, type MailStep} from './plan-mailbox.ts';
import {writeMailbox, type WriteOptions} from './write-mailbox.ts';

type FolderRestore = StoredMailbox & {
	/** Absolute paths of the account's other mailboxes. */
	readonly others: readonly RawPath[];
};

export const restoreFolder = (context: RestoreContext, {mailbox, stored, others}: FolderRestore): PartRestore => {
	const {path, part} = mailbox;
	const planNow = (from: Directory, live: Directory | undefined): FolderPlan => withStoredOf(context.brought, stored, brought => planMailbox(from, live, {
		brought,
		isMerge: context.isMerge,
		isReplacing: context.isReplacing,
		foreign: [...others, ...readMountPoints()].filter(place => place.startsWith(`${path}/`)).map(place => place.slice(path.length + 1)),
	}));

	return {
		plan: async () => withStored(stored, async from => withLive(path, async live => {
			const steps = stepsOf(planNow(from, live));
			const sizeBytes = await sizeOfFolder(stored);

			if (live === undefined) {
				return {action: 'create', reason: 'missing', sizeBytes};
			}

			return steps.length === 0
				? {action: 'keep', reason: context.isMerge ? 'nothing is missing' : 'the same', sizeBytes}
				: {
					action: 'overwrite', reason: describe(steps), sizeBytes, room: roomOf(steps),
				};
		})),
		putBack: async () => withStored(stored, async from => {
			const owner = ownerOf(path, context);
			makeMailbox(path, {mode: Number(from.stat().mode & 0o777n), owner});

			return withLive(path, async live => {
				const plan = planNow(from, live);
				await writeMailbox({stored: from, live: live!}, plan, {owner, signal: context.signal});

				return problemsOf(plan).map((problem): Finding => ({level: 'problem', path: '', message: `emails:${toScreen(part)}: ${toScreen(problem)}`}));
			});
		}),
		check: async () => withStored(stored, async from => withLive(path, async live => {
			const missing = live === undefined ? 1 : stepsOf(planNow(from, live)).filter(step => isMissing(step)).length;

			if (missing > 0) {
				throw new Error(`${missing} of its messages and files are not there as they were written`);
			}
		})),
	};
};

/** Whoever reads mail meanwhile moves messages, and Dovecot writes its own files anew. */
const isMissing = (step: MailStep): boolean => step.type === 'writeMessage' || (step.type === 'writeFile' && !/^(?:dovecot|maildirsize)/v.test(step.name));

const stepsOf = ({steps, folders}: FolderPlan): readonly MailStep[] => [...steps, ...folders.flatMap(folder => stepsOf(folder))];

/** A replaced file stands beside the new one until that is whole. */
const roomOf = (steps: readonly MailStep[]): Room => ({
	bytes: steps.reduce((sum, step) => sum + (step.type === 'writeMessage' || step.type === 'writeFile' ? step.sizeBytes : 0), 0),
	files: steps.filter(({type}) => ['makeFolder', 'writeLink', 'writeFile', 'writeMessage'].includes(type)).length,
});

const problemsOf = ({problems, folders}: FolderPlan): readonly string[] => [...problems, ...folders.flatMap(folder => problemsOf(folder))];

const describe = (steps: readonly MailStep[]): string => {
	const count = (isCounted: (step: MailStep) => boolean): number => steps.filter(step => isCounted(step)).length;
	const counts: ReadonlyArray<readonly [count: number, noun: string, done: string]> = [
		[count(step => step.type === 'writeMessage' && step.live.length === 0), 'message', ' added'],
		[count(step => step.type === 'writeMessage' && step.live.length > 0), 'message', ' replaced'],
		[count(({type}) => type === 'moveMessage'), 'message', ' marked as before'],
		[count(({type}) => type === 'writeFile' || type === 'writeLink'), 'other file', ''],
		[count(({type}) => type === 'removeMessage' || type === 'remove'), 'file', ' removed'],
	];

	const told = counts.filter(([number]) => number > 0);

	return told.length === 0 ? 'folders are missing' : told.map(([number, noun, done]) => `${countOf(number, noun)}${done}`).join(', ');
};

/** The same folder of what was brought. */
const withStoredOf = <Result>(brought: RawPath | undefined, stored: RawPath, work: (folder: Directory | undefined) => Result): Result => {
	const path = brought === undefined ? undefined : `${brought}/${basename(stored)}`;

	if (path === undefined || !isThere(path)) {
		return work(undefined);
	}

	const folder = Directory.open(path);

	try {
		return work(folder);
	} finally {
		folder.close();
	}
};

const withStored = async <Result>(path: RawPath, work: (folder: Directory) => Promise<Result>): Promise<Result> => {
	const folder = Directory.open(path);

	try {
		return await work(folder);
	} finally {
		folder.close();
	}
};

/** `undefined` where there is no such mailbox. */
const withLive = async <Result>(path: RawPath, work: (folder: Directory | undefined) => Promise<Result>): Promise<Result> => {
	const folder = Directory.tryOpenTrusted(path);

	try {
		return await work(folder);
	} finally {
		folder?.close();
	}
};

type Owner = WriteOptions['owner'];

const parentOf = (path: RawPath): RawPath => {
	const slash = path.lastIndexOf('/');

	return slash === 0 ? '/' : path.slice(0, slash);
};

/** In a home it is the account; elsewhere who has the mailbox, or the folder it will be in. */
const ownerOf = (path: RawPath, {account}: RestoreContext): Owner => path.startsWith(`${account.home}/`) ? {uid: account.uid, gid: account.gid} : ownerOfNearest(path);

const ownerOfNearest = (path: RawPath): Owner => {
	const folder = Directory.tryOpenTrusted(path);

	if (folder === undefined) {
		return ownerOfNearest(parentOf(path));
	}

	const {uid, gid} = folder.stat();
	folder.close();

	return {uid: Number(uid), gid: Number(gid)};
};

const makeMailbox = (path: RawPath, {mode, owner}: {readonly mode: number; readonly owner: Owner}): void => {
	if (isThere(path)) {
		return;
	}

	const parent = openOrMake(parentOf(path), owner);

	try {
		const name = path.slice(path.lastIndexOf('/') + 1);

		if (parent.tryLstat(name) === undefined) {
			make(parent, name, {mode, owner});
		}
	} finally {
		parent.close();
	}
};

const openOrMake = (path: RawPath, owner: Owner): Directory => {
	const there = Directory.tryOpenTrusted(path);

	if (there !== undefined) {
		return there;
	}

	makeMailbox(path, {mode: 0o750, owner});

	return Directory.openTrusted(path, false);
};

const make = (parent: Directory, name: RawPath, {mode, owner}: {readonly mode: number; readonly owner: Owner}): void => {
	parent.makeFolder(name, 0o700);

	if (process.geteuid!() === 0) {
		parent.changeOwner(name, owner.uid, owner.gid);
	}

	const made = parent.openFolder(name);

	try {
		made.changeMode('.', mode);
	} finally {
		made.close();
	}
};
