import {whyNotPermitted} from '../../domain/permissions.ts';
import {quoteArgument} from '../../domain/quote-argument.ts';
import {toText, type RawPath} from '../../domain/raw-name.ts';
import {countOf} from '../../domain/units.ts';
import {useInterface} from '../interface.ts';
import type {Handler} from '../keys/focus-stack.ts';
import {wrapWords} from '../look/fit.ts';
import {showName} from '../look/name.ts';
import {plain, type Line} from '../look/span.ts';
import {useDialogWidth} from '../overlays/confirm-dialog.tsx';
import {useSession} from '../session.ts';
import {useAct} from '../use-act.ts';

type Target = {readonly uuid: string; readonly name: RawPath};

/** Backs up accounts now: one at once, with undo; several after a look at the list. */
export const useBackUp = (): ((targets: readonly Target[]) => Handler) => {
	const {data, actor, isReadOnly, asked} = useSession();
	const {confirm, notify} = useInterface();
	const act = useAct();
	const width = useDialogWidth();

	const start = async (targets: readonly Target[]) => {
		const tasks = await data.createBackups({accounts: targets.map(({uuid}) => uuid)});

		for (const {id} of tasks) {
			asked.add(id);
		}

		const undo = () => {
			act(async () => {
				await Promise.all(tasks.map(async ({id}) => data.abortTask(id)));
				notify({text: 'The backup was asked to stop; it leaves nothing behind.', tone: 'good'});
			});
		};

		notify({text: `${targets.length === 1 ? showName(targets[0]!.name) : countOf(targets.length, 'account')}: the backup is queued.`, tone: 'good', undo});
	};

	return targets => {
		if (isReadOnly) {
			return 'Holdfast was started read-only.';
		}

		const whyNot = whyNotPermitted(actor.role, 'createBackups');

		if (whyNot !== undefined) {
			return whyNot;
		}

		if (targets.length === 0) {
			return 'There is no account to back up.';
		}

		return () => {
			act(async () => {
				if (targets.length === 1 || await confirm(askAbout(targets, width))) {
					await start(targets);
				}
			});
		};
	};
};

const askAbout = (targets: readonly Target[], width: number) => {
	const names = targets.map(({name}) => showName(name));

	return {
		title: `Back up ${countOf(targets.length, 'account')} now`,
		lines: wrapWords(names.join(', '), width).map((text): Line => [plain(text)]),
		act: `back up ${countOf(targets.length, 'account')}`,
		command: `holdfast backup create ${targets.map(({name}) => quoteArgument(toText(name))).join(' ')}`,
	};
};
