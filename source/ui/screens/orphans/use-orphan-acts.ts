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
import {useAssignment} from '../assignable/use-assignment.ts';
import {everythingIn, itemsWords} from '../items/chosen-items.ts';

export type OrphanTargets = {
	readonly focused: OrphanView | undefined;
	/** The marked ones, else the focused one. */
	readonly chosen: readonly OrphanView[];
};

/** Deletes orphans after a look at the list, and gives their backups to live accounts. */
export const useOrphanActs = ({focused, chosen}: OrphanTargets): Readonly<Record<'assign' | 'delete' | 'recreate', Handler>> => {
	const {data, isReadOnly, actor} = useSession();
	const {confirm, enter, notify} = useInterface();
	const reload = useReload();
	const act = useAct();
	const measure = useMeasuredTogether();
	const assign = useAssignment();
	const assignTo = useAssignTo();

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
				notify({text: `Deleting ${showName(orphan.name)}, ${formatCount(count + 1)} of ${countOf(orphans.length, 'orphan')} ${glyph('ellipsis')}`, tone: 'accent'});
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
				const assignable = await data.listAssignable();
				const assignments = chosen.flatMap(orphan => assignable.find(each => each.orphan.uuid === orphan.uuid) ?? []);

				if (assignments.length === 0) {
					await assignTo(chosen);
					return;
				}

				await assign(assignments, remarkOn(chosen.length - assignments.length));
			});
		},
	};
};

/** Some have no live account of their name. */
const remarkOn = (leftCount: number): readonly Line[] => leftCount === 0 ? [] : [[toned('warning', `${countOf(leftCount, 'other')} marked: no live account has the name, nothing is done.`)]];

/** Gives the backups of one to any live account. */
const useAssignTo = (): ((chosen: readonly OrphanView[]) => Promise<void>) => {
	const {data} = useSession();
	const {askText} = useInterface();
	const assign = useAssignment();

	return async ([orphan, ...others]) => {
		if (orphan === undefined || others.length > 0) {
			throw new UserError('No live account has the name of one of these.', {code: 'notFound', hint: 'Unmark them, and give each by itself to an account of another name.'});
		}

		const {accounts} = await data.listAccounts();
		const named = (text: string) => accounts.find(({name}) => toText(name) === text);
		const text = await askText({
			title: `Who takes over the backups of ${showName(orphan.name)}?`,
			hint: 'Name of a live account: none has the name of the removed one.',
			text: '',
			check: typed => typed === '' || named(typed) !== undefined ? undefined : `There is no live account "${typed}".`,
			complete: async typed => accounts.map(({name}) => toText(name)).filter(name => name.startsWith(typed)),
		});
		const account = text === undefined ? undefined : named(text);

		if (account !== undefined) {
			await assign([{orphan, account}]);
		}
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

/** What deleting several frees, which is not the sum of what each does by itself; `undefined` where it cannot be told in time. */
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
