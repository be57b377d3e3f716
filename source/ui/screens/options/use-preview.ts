import {useEffect, useEffectEvent, useReducer} from 'react';
import type {RestorePreview, RestoreRequest} from '../../../domain/restore.ts';
import {UserError} from '../../../errors.ts';
import {useSession} from '../../session.ts';

/** What a restore would do; computed anew whenever an option changes. */
export type Plan = {
	/** The last one, while the next is computed. */
	readonly preview: RestorePreview | undefined;
	readonly error: UserError | undefined;
	readonly isLoading: boolean;
};

type PlanEvent =
	| {readonly type: 'started'}
	| {readonly type: 'loaded'; readonly preview: RestorePreview}
	| {readonly type: 'failed'; readonly error: UserError};

const reducePlan = (plan: Plan, event: PlanEvent): Plan => {
	switch (event.type) {
		case 'started': {
			return {...plan, error: undefined, isLoading: true};
		}

		case 'loaded': {
			return {preview: event.preview, error: undefined, isLoading: false};
		}

		case 'failed': {
			return {preview: undefined, error: event.error, isLoading: false};
		}
	}
};

export const usePreview = (request: RestoreRequest): Plan => {
	const {data, end} = useSession();
	const [plan, dispatch] = useReducer(reducePlan, {preview: undefined, error: undefined, isLoading: true});
	const question = JSON.stringify(request);

	const load = useEffectEvent(async (signal: AbortSignal) => {
		dispatch({type: 'started'});

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
