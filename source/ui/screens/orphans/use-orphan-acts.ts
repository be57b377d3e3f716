import type {OrphanView} from '../../../domain/orphan.ts';
import {quoteArgument} from '../../../domain/quote-argument.ts';
import {toText} from '../../../domain/raw-name.ts';
import {countOf, formatBytes} from '../../../domain/units.ts';
import {useInterface} from '../../interface.ts';
import type {Handler} from '../../keys/focus-stack.ts';
import {showName} from '../../look/name.ts';
import {
	muted,
	plain,
	toned,
	type Line,
} from '../../look/span.ts';
import {useSession} from '../../session.ts';
import {useReload} from '../../tasks/task-feed.tsx';
import {useAct} from '../../use-act.ts';

export type OrphanTargets = {
	readonly focused: OrphanView | undefined;
	/** The marked ones, else the focused one. */
	readonly chosen: readonly OrphanView[];
};

/** Deletes orphans after a look at the list, and gives the backups of one to the live account of its name. */
export const useOrphanActs = ({focused, chosen}: OrphanTargets): Readonly<Record<'assign' | 'delete', Handler>> => {
	const {data, isReadOnly, asked} = useSession();
	const {confirm, notify} = useInterface();
	const reload = useReload();
	const act = useAct();

	if (isReadOnly) {
		return {assign: 'Holdfast was started read-only.', delete: 'Holdfast was started read-only.'};
	}

	if (focused === undefined) {
		return {assign: 'There is no orphan here.', delete: 'There is no orphan here.'};
	}

	const locked = chosen.filter(({lockedCount}) => lockedCount > 0);

	const deleteAll = async (orphans: readonly OrphanView[]) => {
		for (const orphan of orphans) {
			await data.deleteOrphan(orphan.uuid, toText(orphan.name));
		}

		reload();
		notify({text: `${countOf(orphans.length, 'orphan')} deleted. A cleanup frees what ${orphans.length === 1 ? 'it' : 'they'} alone used.`, tone: 'good'});
	};

	return {
		delete: locked.length > 0
			? `${showName(locked[0]!.name)} has locked backups: unlock them, or unmark it.`
			: () => {
				act(async () => {
					if (await confirm(askDeletion(chosen))) {
						await deleteAll(chosen);
					}
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

const mostShown = 8;

/** One is told by its name; many by how many they are. */
const askDeletion = (orphans: readonly OrphanView[]) => {
	const [first] = orphans;
	const hidden = orphans.length - mostShown;

	return {
		title: orphans.length === 1 ? `Delete all backups of the removed account ${showName(first!.name)}` : `Delete all backups of ${countOf(orphans.length, 'removed account')}`,
		lines: [
			...orphans.slice(0, mostShown).map((orphan): Line => [
				plain(`${showName(orphan.name)}  `),
				muted(`${orphan.uuid.slice(0, 8)}  ${countOf(orphan.backupCount, 'backup')}, ${formatBytes(orphan.sizeBytes)}${orphan.reclaimableBytes === null ? '' : `, frees ${formatBytes(orphan.reclaimableBytes)}`}`),
			]),
			...(hidden > 0 ? [[plain(`and ${hidden} more`)]] : []),
			[toned('bad', 'They are gone for good.')],
		],
		act: 'delete them',
		command: orphans.map(({uuid, name}) => `holdfast orphan delete ${uuid} --confirm ${quoteArgument(toText(name))}`).join(' && '),
		nameToType: orphans.length === 1 ? showName(first!.name) : `delete ${orphans.length}`,
	};
};
