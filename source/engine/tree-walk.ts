/**
Walks a tree in catalog order through descriptors: a folder's own entries first, then folder after folder below it. The tree's owner may change it meanwhile; nothing
outside the root is ever opened.
*/
import type {BigIntStats} from 'node:fs';
import {joinRaw, type RawPath} from '../domain/raw-name.ts';
import {type Directory} from '../system/directory.ts';
import {HeldFolder} from './held-folder.ts';

/** Descriptors kept on the way down; folders further up are closed and found again on the way back. */
const maxOpenDepth = 200;

export type WalkedFolder = {
	readonly path: RawPath;
	readonly folder: HeldFolder;
	/** In byte order. */
	readonly names: readonly RawPath[];
};

export type WalkOptions = {
	/** Reads the entries of a folder; the names it returns are entered one after another. It may be awaited. */
	readonly visit: (folder: WalkedFolder) => Promise<readonly RawPath[]>;
	/** A folder that could not be listed or entered; `gone` when it vanished meanwhile. */
	readonly onUnreadable: (path: RawPath, error: NodeJS.ErrnoException) => void;
};

type Frame = {
	readonly path: RawPath;
	readonly name: RawPath;
	readonly identity: BigIntStats;
	folder: HeldFolder | undefined;
	readonly names: readonly RawPath[];
	next: number;
};

export const walkTree = async (root: Directory, {visit, onUnreadable}: WalkOptions): Promise<void> => {
	const stack: Frame[] = [];

	try {
		const top = await enter({directory: root, path: '', name: ''}, {visit, onUnreadable});

		if (top) {
			stack.push(top);
		}

		while (stack.length > 0) {
			await step(stack, {visit, onUnreadable});
		}
	} finally {
		for (const {folder} of stack) {
			folder?.release();
		}
	}
};

/** Enters the next folder of the topmost frame, or leaves it. */
const step = async (stack: Frame[], options: WalkOptions): Promise<void> => {
	const frame = stack.at(-1)!;
	const name = frame.names[frame.next];

	if (name === undefined) {
		frame.folder?.release();
		stack.pop();
		return;
	}

	frame.next++;
	const path = joinRaw(frame.path, name);

	try {
		reopen(stack);
		const child = await enter({directory: frame.folder!.directory.openFolder(name), path, name}, options);

		if (child) {
			stack.push(child);
			closeFar(stack);
		}
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === undefined) {
			throw error;
		}

		options.onUnreadable(path, error as NodeJS.ErrnoException);
	}
};

const enter = async ({directory, path, name}: {readonly directory: Directory; readonly path: RawPath; readonly name: RawPath}, {visit, onUnreadable}: WalkOptions): Promise<Frame | undefined> => {
	const folder = new HeldFolder(directory);

	try {
		const names = listNames(directory, path, onUnreadable);

		if (!names) {
			folder.release();
			return undefined;
		}

		const subfolders = await visit({path, folder, names});

		return {
			path, name, identity: directory.stat(), folder, names: subfolders, next: 0,
		};
	} catch (error) {
		folder.release();
		throw error;
	}
};

const listNames = (directory: Directory, path: RawPath, onUnreadable: WalkOptions['onUnreadable']): RawPath[] | undefined => {
	try {
		return directory.names().sort();
	} catch (error) {
		onUnreadable(path, error as NodeJS.ErrnoException);
		return undefined;
	}
};

/** Closes the folder that is now too far up. */
const closeFar = (stack: Frame[]): void => {
	const far = stack[stack.length - 1 - maxOpenDepth];

	// The root stays open: everything is found again from there.
	if (!far || far === stack[0]) {
		return;
	}

	far.folder?.release();
	far.folder = undefined;
};

/** Opens the topmost frame's folder again if it was closed, by walking down from the nearest open one; each must be the folder it was. */
const reopen = (stack: Frame[]): void => {
	const nearest = stack.findLastIndex(({folder}) => folder !== undefined);
	let current = stack[nearest]!.folder!.directory;

	for (const frame of stack.slice(nearest + 1)) {
		const directory = current.openFolder(frame.name);
		const {dev, ino} = directory.stat();
		frame.folder = new HeldFolder(directory);
		current = directory;

		if (dev !== frame.identity.dev || ino !== frame.identity.ino) {
			throw Object.assign(new Error('the folder was replaced while it was read'), {code: 'ESTALE'});
		}
	}

	for (const frame of stack.slice(Math.max(1, nearest + 1), Math.max(1, stack.length - maxOpenDepth))) {
		frame.folder?.release();
		frame.folder = undefined;
	}
};
