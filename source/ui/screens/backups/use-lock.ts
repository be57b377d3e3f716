import {endOfDay} from '../../../domain/calendar-day.ts';
import type {BackupView} from '../../../domain/backup-view.ts';
import {whyNotPermitted} from '../../../domain/permissions.ts';
import {useInterface} from '../../interface.ts';
import type {Handler} from '../../keys/focus-stack.ts';
import {wrapWords} from '../../look/fit.ts';
import {plain, type Line} from '../../look/span.ts';
import {showTime} from '../../look/time.ts';
import {useDialogWidth} from '../../overlays/confirm-dialog.tsx';
import {useSession} from '../../session.ts';
import {useReload} from '../../tasks/task-feed.tsx';
import {useAct} from '../../use-act.ts';

/** Locks a backup, or unlocks it and says what its rotation will do; both can be undone. */
export const useLock = (backup: BackupView | undefined): Handler => {
	const {data, actor, isReadOnly, now} = useSession();
	const {askText, notify, tell} = useInterface();
	const reload = useReload();
	const act = useAct();
	const width = useDialogWidth();

	if (isReadOnly) {
		return 'Holdfast was started read-only.';
	}

	const whyNot = whyNotPermitted(actor.role, 'lockBackup');

	if (whyNot !== undefined) {
		return whyNot;
	}

	if (backup === undefined) {
		return 'There is no backup here.';
	}

	const {id, createdAt, locked, lockedUntil} = backup;

	const lock = async (until: string | null) => {
		await data.lockBackup(id, until);
		reload();
		notify({
			text: `The backup of ${showTime(createdAt)} is locked ${until === null ? 'for ever' : `until ${showTime(until)}`}.`,
			tone: 'good',
			undo() {
				act(async () => {
					await data.unlockBackup(id);
					reload();
					notify({text: 'It is not locked any more.', tone: 'good'});
				});
			},
		});
	};

	const unlock = async () => {
		const {forecast} = await data.unlockBackup(id);
		reload();
		tell({title: `The backup of ${showTime(createdAt)} is not locked any more`, lines: wrapWords(forecast, width).map((text): Line => [plain(text)])});
		notify({
			text: `The backup of ${showTime(createdAt)} is not locked any more.`,
			tone: 'good',
			undo() {
				act(async () => lock(lockedUntil));
			},
		});
	};

	return () => {
		act(async () => {
			if (locked) {
				await unlock();
				return;
			}

			const text = await askText({
				title: `Lock the backup of ${showTime(createdAt)}`,
				hint: 'The last day of the lock, such as 2027-03-31; empty: for ever. A locked backup is out of every rotation and expiry.',
				text: '',
				check: typed => typed === '' ? undefined : dayProblem(typed, now()),
			});

			if (text !== undefined) {
				await lock(text === '' ? null : endOfDay(text)!);
			}
		});
	};
};

const dayProblem = (text: string, now: Date): string | undefined => {
	const end = endOfDay(text);

	if (end === undefined) {
		return 'This is no day: write one such as 2027-03-31.';
	}

	return end > now.toISOString() ? undefined : 'This day has passed: a lock ends in the future.';
};
