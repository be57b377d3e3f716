import {useEffect, useEffectEvent} from 'react';
import type {RestorePreview, RestoreRequest} from '../../../domain/restore.ts';
import {UserError} from '../../../errors.ts';
import {useSession} from '../../session.ts';
import {useRememberedReducer} from '../../use-remembered-reducer.ts';

/** What a restore would do; computed anew whenever an option changes. */
export type Plan = {
	/** The last one, while the next is computed. */
	readonly preview: RestorePreview | undefined;
	readonly error: UserError | undefined;
	/** The preview is that of other options. */
	readonly isLoading: boolean;
	/** What it answers. */
	readonly question: string;
};

type PlanEvent =
	| {readonly type: 'started'; readonly question: string}
	| {readonly type: 'loaded'; readonly preview: RestorePreview}
	| {readonly type: 'failed'; readonly error: UserError};

const reducePlan = (plan: Plan, event: PlanEvent): Plan => {
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

const noPlan: Plan = {
	preview: undefined, error: undefined, isLoading: true, question: '',
};

/** Shows at once what was planned before the screen was left for a look at the steps, and plans it again beside. */
export const usePreview = (request: RestoreRequest): Plan => {
	const {data, end} = useSession();
	const [plan, dispatch] = useRememberedReducer('preview', reducePlan, () => noPlan);
	const question = JSON.stringify(request);

	const load = useEffectEvent(async (signal: AbortSignal) => {
		dispatch({type: 'started', question});

		try {
			const preview = await data.previewRestore(request, signal);

			if (!signal.aborted) {
				dispatch({type: 'loaded', preview});
			}
		} catch (error) {
			if (!(error instanceof UserError)) {
				end(error);
			} else if (!signal.aborted) {
				dispatch({type: 'failed', error});
			}
		}
	});

	useEffect(() => {
		const controller = new AbortController();
		void load(controller.signal);

		return () => {
			controller.abort();
		};
	}, [question]);

	return plan;
};
