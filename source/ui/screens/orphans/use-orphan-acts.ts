import type {OrphanView} from '../../../domain/orphan.ts';
import {whyNotPermitted} from '../../../domain/permissions.ts';
import {quoteArgument} from '../../../domain/quote-argument.ts';
import {toText} from '../../../domain/raw-name.ts';
import {everything} from '../../../domain/restore.ts';
import {countOf, formatBytes, formatCount} from '../../../domain/units.ts';
import {UserError} from '../../../errors.ts';
import type {Data} from '../../data.ts';
import {useInterface} from '../../interface.ts';
import {whyNotItem} from '../../item-ticks.ts';
import type {Handler} from '../../keys/focus-stack.ts';
import {glyph} from '../../look/appearance.ts';
import {showName, showSentence} from '../../look/name.ts';
import {
	muted,
	plain,
	toned,
	type Line,
} from '../../look/span.ts';
import type {Route} from '../../navigation.ts';
import {useSession} from '../../session.ts';
import {useReload} from '../../tasks/task-feed.tsx';
import {useAct} from '../../use-act.ts';
import {everythingIn, itemsWords} from '../items/chosen-items.ts';

export type OrphanTargets = {
	readonly focused: OrphanView | undefined;
	/** The marked ones, else the focused one. */
	readonly chosen: readonly OrphanView[];
};

/** Deletes orphans after a look at the list, and gives the backups of one to the live account of its name. */
export const useOrphanActs = ({focused, chosen}: OrphanTargets): Readonly<Record<'assign' | 'delete' | 'recreate', Handler>> => {
	const {data, isReadOnly, actor, asked} = useSession();
	const {confirm, enter, notify} = useInterface();
	const reload = useReload();
	const act = useAct();
	const measure = useMeasuredTogether();

	if (isReadOnly) {
		return refuseAll('Holdfast was started read-only.');
	}

	const whyNot = whyNotPermitted(actor.role, 'deleteOrphan') ?? whyNotPermitted(actor.role, 'assignAccount');

	if (whyNot !== undefined) {
		return refuseAll(whyNot);
	}

	if (focused === undefined) {
		return refuseAll('There is no orphan here.');
	}

	const locked = chosen.filter(({lockedCount}) => lockedCount > 0);

	const deleteAll = async (orphans: readonly OrphanView[]) => {
		let count = 0;

		try {
			for (const orphan of orphans) {
				await data.deleteOrphan(orphan.uuid, toText(orphan.name));
				count++;
			}
		} finally {
			reload();

			if (count < orphans.length) {
				notify({text: `${formatCount(count)} of ${countOf(orphans.length, 'orphan')} deleted; the others are as they were.`, tone: 'warning'});
			}
		}

		notify({text: `${countOf(orphans.length, 'orphan')} deleted. A cleanup frees what ${orphans.length === 1 ? 'it' : 'they'} alone used.`, tone: 'good'});
	};

	return {
		delete: locked.length > 0
			? lockedWords(locked)
			: () => {
				act(async () => {
					if (await confirm(askDeletion(chosen, await measure(chosen)))) {
						await deleteAll(chosen);
					}
				});
			},
		recreate() {
			act(async () => {
				enter(await routeToRecreate(focused, data));
			});
		},
		assign() {
			act(async () => {
				const name = toText(focused.name);
				const isAgreed = await confirm({
					title: `Give the backups of ${showName(focused.name)} to the live account of that name`,
					lines: [
						[plain(`${countOf(focused.backupCount, 'backup')}, ${formatBytes(focused.sizeBytes)}, of ${focused.uuid}.`)],
						[muted('Whoever the account belongs to now sees what the former one had.')],
					],
					act: 'assign them',
					command: `holdfast account assign ${focused.uuid} ${quoteArgument(name)}`,
				});

				if (!isAgreed) {
					return;
				}

				const {id} = await data.assignAccount(focused.uuid, name);
				asked.add(id);
				notify({text: `${showName(focused.name)}: the assignment is queued.`, tone: 'good'});
			});
		},
	};
};

const refuseAll = (reason: string): Readonly<Record<'assign' | 'delete' | 'recreate', Handler>> => ({assign: reason, delete: reason, recreate: reason});

/** Its newest complete backup that holds the account itself: restoring all of it makes the account again. */
const routeToRecreate = async ({uuid, name}: OrphanView, data: Data): Promise<Route> => {
	const backups = await data.listBackups(uuid);
	const backup = backups.find(each => each.status === 'complete' && whyNotItem(each, 'config') === undefined);

	if (backup === undefined) {
		throw new UserError(`No complete backup of ${showName(name)} holds the account itself.`, {code: 'notFound', hint: 'Make an account of that name yourself, then assign the backups to it by s.'});
	}

	const {ticks, choices} = everythingIn(backup);

	return {screen: 'options', backup, chosen: {items: choices, selection: everything, words: itemsWords(ticks)}};
};

const lockedWords = ([first, ...others]: readonly OrphanView[]): string => others.length === 0
	? `${showName(first!.name)} has locked backups: unlock them, or unmark it.`
	: `${showName(first!.name)} and ${countOf(others.length, 'other')} have locked backups: unlock them, or unmark those.`;

/** Nobody waits longer for a number before a question. */
const patienceMs = 10_000;

/** What deleting several frees, which is more than each does by itself; `undefined` where it cannot be told in time. */
const useMeasuredTogether = (): ((orphans: readonly OrphanView[]) => Promise<number | undefined>) => {
	const {data} = useSession();
	const {notify} = useInterface();

	return async orphans => {
		if (orphans.length === 1) {
			return orphans[0]!.reclaimableBytes ?? undefined;
		}

		const signal = AbortSignal.timeout(patienceMs);
		notify({text: `Measuring what they free together ${glyph('ellipsis')}`, tone: 'accent'});

		try {
			const bytes = await data.measureTogether(orphans, signal);
			notify({text: `Together they free ${formatBytes(bytes)}.`, tone: 'plain'});

			return bytes;
		} catch (error) {
			if (!signal.aborted && !(error instanceof UserError)) {
				throw error;
			}

			notify({text: signal.aborted ? 'What they free together could not be measured in time.' : showSentence((error as UserError).message), tone: 'warning'});

			return undefined;
		}
	};
};

/** What all of them come to. */
const lossOf = (orphans: readonly OrphanView[], freedBytes: number | undefined): string => {
	const count = orphans.reduce((sum, {backupCount}) => sum + backupCount, 0);
	const frees = freedBytes === undefined ? '' : ` (${formatBytes(freedBytes)} freed)`;

	return `${countOf(count, 'backup')}${frees}: ${count === 1 ? 'it is' : 'they are'}`;
};

/** One is told by its name; many by how many they are. */
const askDeletion = (orphans: readonly OrphanView[], freedBytes: number | undefined) => {
	const [first] = orphans;

	return {
		title: orphans.length === 1 ? `Delete all backups of the removed account ${showName(first!.name)}` : `Delete all backups of ${countOf(orphans.length, 'removed account')}`,
		lines: [
			...orphans.map((orphan): Line => [
				plain(`${showName(orphan.name)}  `),
				muted(`${orphan.uuid.slice(0, 8)}  ${countOf(orphan.backupCount, 'backup')}, ${formatBytes(orphan.sizeBytes)}${orphan.reclaimableBytes === null ? '' : `, frees ${formatBytes(orphan.reclaimableBytes)}`}`),
			]),
			[toned('bad', `${lossOf(orphans, freedBytes)} gone for good.`)],
		],
		act: 'delete them',
		command: orphans.map(({uuid, name}) => `holdfast orphan delete ${uuid} --confirm ${quoteArgument(toText(name))}`).join(' && '),
		nameToType: orphans.length === 1 ? showName(first!.name) : `delete ${orphans.length}`,
	};
};
