import type {JobView} from '../../../actions/list-jobs.ts';
import {problemOf} from '../../fields/problem-of.ts';
import {useInterface} from '../../interface.ts';
import type {Handler} from '../../keys/focus-stack.ts';
import {useSession} from '../../session.ts';
import {useAct} from '../../use-act.ts';
import {useChange, useWhyNot} from '../../use-change.ts';
import type {JobField} from './job-fields.ts';

/** Asks for one thing of a job and changes it; the change can be undone. */
export const useJobChange = (job: JobView | undefined): ((field: JobField) => Handler) => {
	const {data, now} = useSession();
	const {askText} = useInterface();
	const act = useAct();
	const change = useChange();
	const whyNot = useWhyNot(job, 'job');

	return ({label, hint, show, read, preview}) => whyNot ?? (() => {
		act(async () => {
			const before = show(job!);
			const text = await askText({
				title: `${label} of ${job!.name}`,
				hint,
				text: before,
				check: problemOf(read),
				preview: preview && (async typed => preview(typed, {job: job!, data, now: now()})),
			});

			if (text === undefined || text === before) {
				return;
			}

			await change({
				done: `${label} of ${job!.name}: changed.`, make: async () => data.setJob(job!.name, read(text)), undo: async () => data.setJob(job!.name, read(before)),
			});
		});
	});
};
