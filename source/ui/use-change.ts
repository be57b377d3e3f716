import {whyNotPermitted, type ActionName} from '../domain/permissions.ts';
import {useInterface} from './interface.ts';
import {useSession} from './session.ts';
import {useReload} from './tasks/task-feed.tsx';
import {useAct} from './use-act.ts';

export type Change = {
	/** What was done, as a sentence. */
	readonly done: string;
	readonly make: () => Promise<unknown>;
	/** Makes it as it was. */
	readonly undo?: () => Promise<unknown>;
};

/** Makes a change, shows it, and offers to undo it. */
export const useChange = (): ((change: Change) => Promise<void>) => {
	const {notify} = useInterface();
	const reload = useReload();
	const act = useAct();

	return async ({done, make, undo}) => {
		await make();
		reload();
		notify({
			text: done,
			tone: 'good',
			undo: undo && (() => {
				act(async () => {
					await undo();
					reload();
					notify({text: 'It is as it was.', tone: 'good'});
				});
			}),
		});
	};
};

/** Why nothing can be changed here, by that action; `undefined`: it can. */
export const useWhyNot = (focused: unknown, noun: string, name?: ActionName): string | undefined => {
	const {isReadOnly, actor} = useSession();

	if (isReadOnly) {
		return 'Holdfast was started read-only.';
	}

	const whyNot = name === undefined ? undefined : whyNotPermitted(actor.role, name);

	if (whyNot !== undefined) {
		return whyNot;
	}

	return focused === undefined ? `There is no ${noun} here.` : undefined;
};
