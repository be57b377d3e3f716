import {useEffect, useEffectEvent} from 'react';
import type {RestorePreview} from '../../../domain/restore.ts';
import {UserError} from '../../../errors.ts';
import {isStopped} from '../../is-stopped.ts';
import {useSession} from '../../session.ts';
import {useRememberedReducer} from '../../use-remembered-reducer.ts';

/** What a restore or a rollback would do; computed anew whenever an option changes. */
export type Plan<Preview = RestorePreview> = {
	/** The last one, while the next is computed. */
	readonly preview: Preview | undefined;
	readonly error: UserError | undefined;
	/** The preview is that of other options. */
	readonly isLoading: boolean;
	/** What it answers. */
	readonly question: string;
};

type PlanEvent<Preview> =
	| {readonly type: 'started'; readonly question: string}
	| {readonly type: 'loaded'; readonly preview: Preview}
	| {readonly type: 'failed'; readonly error: UserError};

const reducePlan = <Preview>(plan: Plan<Preview>, event: PlanEvent<Preview>): Plan<Preview> => {
	switch (event.type) {
		case 'started': {
			return plan.question === event.question
				? plan
				: {
					...plan, error: undefined, isLoading: true, question: event.question,
				};
		}

		case 'loaded': {
			return {
				...plan, preview: event.preview, error: undefined, isLoading: false,
			};
		}

		case 'failed': {
			return {
				...plan, preview: undefined, error: event.error, isLoading: false,
			};
		}
	}
};

const noPlan: Plan<never> = {
	preview: undefined, error: undefined, isLoading: true, question: '',
};

/**
Shows at once what was planned before the screen was left for a look at the steps, and plans it again beside. `question`: what is asked for, as text;
`undefined` while that is not known.
*/
export const usePreview = <Preview>(question: string | undefined, plan: (signal: AbortSignal) => Promise<Preview>): Plan<Preview> => {
	const {end} = useSession();
	const [state, dispatch] = useRememberedReducer<Plan<Preview>, PlanEvent<Preview>>('preview', reducePlan, () => noPlan);

	const load = useEffectEvent(async (signal: AbortSignal) => {
		dispatch({type: 'started', question: question ?? ''});

		try {
			const preview = await plan(signal);

			if (!signal.aborted) {
				dispatch({type: 'loaded', preview});
			}
		} catch (error) {
			if (isStopped(error, signal)) {
				return;
			}

			if (!(error instanceof UserError)) {
				end(error);
			} else if (!signal.aborted) {
				dispatch({type: 'failed', error});
			}
		}
	});

	useEffect(() => {
		const controller = new AbortController();

		if (question !== undefined) {
			void load(controller.signal);
		}

		return () => {
			controller.abort();
		};
	}, [question]);

	return state;
};
