import {useLayoutEffect} from 'react';
import {useInterface, type Draft} from './interface.ts';

/** Tells the terminal what would be lost on leaving, for as long as there is something. */
export const useDraft = (draft: Draft | undefined): void => {
	const {draft: holder} = useInterface();

	useLayoutEffect(() => {
		holder.current = draft;

		return () => {
			holder.current = undefined;
		};
	});
};
