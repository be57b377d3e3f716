import type {BackupView} from '../../../domain/backup-view.ts';
import {endOfDay} from '../../../domain/calendar-day.ts';
import {whyNotPermitted} from '../../../domain/permissions.ts';
import {countOf} from '../../../domain/units.ts';
import {useInterface} from '../../interface.ts';
import type {Handler} from '../../keys/focus-stack.ts';
import {plain, type Line} from '../../look/span.ts';
import {showTime} from '../../look/time.ts';
import {useSession} from '../../session.ts';
import {useReload} from '../../tasks/task-feed.tsx';
import {useAct} from '../../use-act.ts';

type Locked = Pick<BackupView, 'id' | 'createdAt' | 'lockedUntil'>;

/** Locks backups; where all of them are locked, unlocks them and says what their rotation will do. Both can be undone. */
export const useLock = (chosen: readonly BackupView[]): Handler => {
	const {data, actor, isReadOnly, now} = useSession();
	const {askText, notify, tell} = useInterface();
	const reload = useReload();
	const act = useAct();

	if (isReadOnly) {
		return 'Holdfast was started read-only.';
	}

	const whyNot = whyNotPermitted(actor.role, 'lockBackup');

	if (whyNot !== undefined) {
		return whyNot;
	}

	if (chosen.length === 0) {
		return 'There is no backup here.';
	}

	const lock = async (backups: readonly Locked[]) => {
		for (const {id, lockedUntil} of backups) {
			await data.lockBackup(id, lockedUntil);
		}

		reload();
		const [{lockedUntil}] = backups as readonly [Locked];
		notify({
			text: `${namesOf(backups)} locked ${lockedUntil === null ? 'for ever' : `until ${showTime(lockedUntil)}`}.`,
			tone: 'good',
			undo() {
				act(async () => {
					for (const {id} of backups) {
						await data.unlockBackup(id);
					}

					reload();
					notify({text: `${namesOf(backups)} not locked any more.`, tone: 'good'});
				});
			},
		});
	};

	const unlock = async (backups: readonly Locked[]) => {
		const lines: Line[] = [];

		for (const {id, createdAt} of backups) {
			const {forecast} = await data.unlockBackup(id);
			lines.push([plain(backups.length === 1 ? forecast : `${showTime(createdAt)}: ${forecast}`)]);
		}

		reload();
		tell({title: `${namesOf(backups)} not locked any more`, lines});
		notify({
			text: `${namesOf(backups)} not locked any more.`,
			tone: 'good',
			undo() {
				act(async () => lock(backups));
			},
		});
	};

	return () => {
		act(async () => {
			const open = chosen.filter(({locked}) => !locked);

			if (open.length === 0) {
				await unlock(chosen);
				return;
			}

			const text = await askText({
				title: open.length === 1 ? `Lock the backup of ${showTime(open[0]!.createdAt)}` : `Lock ${countOf(open.length, 'backup')}`,
				hint: 'The last day of the lock, such as 2027-03-31; empty: for ever. A locked backup is out of every rotation and expiry.',
				text: '',
				check: typed => typed === '' ? undefined : dayProblem(typed, now()),
			});

			if (text !== undefined) {
				await lock(open.map(backup => ({...backup, lockedUntil: text === '' ? null : endOfDay(text)!})));
			}
		});
	};
};

/** The beginning of a sentence. */
const namesOf = ([first, ...others]: readonly Locked[]): string => others.length === 0 ? `The backup of ${showTime(first!.createdAt)} is` : `${countOf(others.length + 1, 'backup')} are`;

const dayProblem = (text: string, now: Date): string | undefined => {
	const end = endOfDay(text);

	if (end === undefined) {
		return 'This is no day: write one such as 2027-03-31.';
	}

	return end > now.toISOString() ? undefined : 'This day has passed: a lock ends in the future.';
};
