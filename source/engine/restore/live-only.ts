/** What becomes of things that are live and not in the backup. */
import {joinRaw, type RawPath} from '../../domain/raw-name.ts';
import type {StepTotal} from '../../domain/restore.ts';
import {createSelector} from '../../domain/selection.ts';
import type {Directory} from '../../system/directory.ts';
import {folderOf, isWithin} from '../catalog/catalog-order.ts';
import type {LiveOnlyDeletion} from '../engine.ts';
import type {MountTest} from './live-facts.ts';
import type {RestoreTally} from './restore-tally.ts';
import {measure} from './restore-target.ts';
import type {StoredTree} from './stored-home.ts';
import type {Unheld} from './unheld.ts';

/** Something live that the backup does not hold. */
export type MeetLiveOnly = (found: {readonly path: RawPath; readonly folder: Directory; readonly name: RawPath}) => void;

export const keepLiveOnly = (tally: RestoreTally): MeetLiveOnly => ({path, folder, name}) => {
	tally.liveOnly(path, measure(folder, name), 'not in the backup; it stays');
};

/** What other items hold is no business of this one: it is not touched, and not counted. */
export const passOver = (foreignPaths: readonly RawPath[], meet: MeetLiveOnly): MeetLiveOnly => found => {
	if (foreignPaths.every(foreign => !isWithin(found.path, foreign))) {
		meet(found);
	}
};

/** Why something stays, as words; `undefined`: it goes. */
export type ReasonToStay = (path: RawPath) => string | undefined;

/** `brought`: what the backup holds whose restore is undone. */
export const decideDeletion = (deletion: LiveOnlyDeletion, unheld: Unheld, brought: StoredTree | undefined): ReasonToStay => {
	if (deletion.type === 'all') {
		return unheld;
	}

	const selector = createSelector(deletion.selection);
	const isAbove = (path: RawPath): boolean => selector.roots.some(root => root.startsWith(`${path}/`));
	const isBrought = (path: RawPath): boolean => (selector.isSelected(path) || isAbove(path)) && brought?.find(path) !== undefined;

	return path => isBrought(path) ? unheld(path) : 'the restore did not bring it';
};

export type DeleteOptions = {
	readonly tally: RestoreTally;
	readonly reasonToStay: ReasonToStay;
	readonly isMount: MountTest;
	/** Called before anything in a folder is removed; without it nothing is. */
	readonly touch?: ((path: RawPath, folder: Directory) => void) | undefined;
	/** Told what could not be deleted. */
	readonly fail?: ((path: RawPath, message: string) => void) | undefined;
};

/** Deletes thing by thing, so that what must stay does, and the folders above it. */
export const deleteLiveOnly = ({tally, reasonToStay, isMount, touch, fail}: DeleteOptions): MeetLiveOnly => {
	const visit = (path: RawPath, folder: Directory, name: RawPath): Visit => {
		try {
			return visitOne(path, folder, name);
		} catch (error) {
			const {code} = error as NodeJS.ErrnoException;

			if (code === undefined) {
				throw error;
			}

			fail?.(path, `it is not in the backup and could not be deleted (${code})`);

			return {gone: nothing.gone, kept: {count: 1, bytes: 0}, reason: `it cannot be deleted (${code})`};
		}
	};

	const visitOne = (path: RawPath, folder: Directory, name: RawPath): Visit => {
		const stats = folder.tryLstat(name);

		if (!stats) {
			return nothing;
		}

		const own: StepTotal = {count: 1, bytes: stats.isFile() ? Number(stats.size) : 0};
		const reason = reasonToStay(path) ?? (isMount(path, stats) ? 'another file system is mounted here' : undefined) ?? (stats.isSocket() ? 'a socket is in no backup' : undefined);

		if (reason !== undefined) {
			return {gone: nothing.gone, kept: measure(folder, name), reason};
		}

		if (!stats.isDirectory()) {
			if (touch) {
				folder.remove(name);
			}

			return {gone: own, kept: nothing.kept, reason: undefined};
		}

		const inner = visitFolder(path, folder, name);
		const isEmpty = inner.kept.count === 0;

		if (isEmpty && touch) {
			folder.removeFolder(name);
		}

		return isEmpty ? {...inner, gone: add(inner.gone, own)} : {...inner, kept: add(inner.kept, own)};
	};

	const visitFolder = (path: RawPath, parent: Directory, name: RawPath): Visit => {
		const folder = parent.openFolder(name);
		let sum = nothing;

		try {
			touch?.(path, folder);

			for (const child of folder.names()) {
				const {gone, kept, reason} = visit(joinRaw(path, child), folder, child);
				sum = {gone: add(sum.gone, gone), kept: add(sum.kept, kept), reason: sum.reason ?? reason};
			}
		} finally {
			folder.close();
		}

		return sum;
	};

	return ({path, folder, name}) => {
		touch?.(folderOf(path), folder);
		const {gone, kept, reason} = visit(path, folder, name);

		if (gone.count > 0) {
			tally.deleted(path, gone);
		}

		if (kept.count > 0) {
			tally.liveOnly(path, kept, `not in the backup; it stays: ${reason!}`);
		}
	};
};

type Visit = {readonly gone: StepTotal; readonly kept: StepTotal; readonly reason: string | undefined};

const nothing: Visit = {gone: {count: 0, bytes: 0}, kept: {count: 0, bytes: 0}, reason: undefined};

const add = (one: StepTotal, other: StepTotal): StepTotal => ({count: one.count + other.count, bytes: one.bytes + other.bytes});
