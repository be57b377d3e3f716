import type {JobView} from '../../../actions/list-jobs.ts';
import {quoteArgument} from '../../../domain/quote-argument.ts';
import {countOf} from '../../../domain/units.ts';
import {useInterface} from '../../interface.ts';
import type {Handler} from '../../keys/focus-stack.ts';
import {muted, plain} from '../../look/span.ts';
import {useSession} from '../../session.ts';
import {useReload} from '../../tasks/task-feed.tsx';
import {useAct} from '../../use-act.ts';
import {useChange, useWhyNot} from '../../use-change.ts';
import {accountWords} from './jobs-list.ts';

/** What can be done with a job, wherever it is shown. */
export const useJobActs = (job: JobView | undefined): Readonly<Record<'run' | 'toggle' | 'duplicate' | 'delete', Handler>> => {
	const {data, asked} = useSession();
	const {confirm, askText, notify} = useInterface();
	const act = useAct();
	const change = useChange();
	const reload = useReload();
	const whyNot = useWhyNot(job, 'job');

	if (whyNot !== undefined || job === undefined) {
		const reason = whyNot ?? 'There is no job here.';

		return {
			run: reason, toggle: reason, duplicate: reason, delete: reason,
		};
	}

	const {name, enabled, accountCount, isRunning} = job;

	return {
		run: isRunning
			? `${name} is at work already.`
			: () => {
				act(async () => {
					const isAgreed = await confirm({
						title: `Run ${name} now`,
						lines: [[plain(`${countOf(accountCount, 'account')}: ${accountWords(job)}`)], [muted('The backups count as manual runs.')]],
						act: `back up ${countOf(accountCount, 'account')}`,
						command: `holdfast job run ${quoteArgument(name)}`,
					});

					if (!isAgreed) {
						return;
					}

					const tasks = await data.runJob(name);

					for (const {id} of tasks) {
						asked.add(id);
					}

					reload();
					notify({text: `${name}: ${countOf(tasks.length, 'backup')} queued.`, tone: 'good'});
				});
			},
		toggle() {
			act(async () => change({
				done: `${name} is ${enabled ? 'off' : 'on'} now.`,
				make: async () => data.setJob(name, {enabled: !enabled}),
				undo: async () => data.setJob(name, {enabled}),
			}));
		},
		duplicate() {
			act(async () => {
				const copy = await askText({title: `Copy ${name}`, hint: 'Name of the copy, which is off until you switch it on.', text: `${name}-copy`});

				if (copy !== undefined && copy !== '') {
					await change({
						done: `${copy} is a copy of ${name}, and off.`, make: async () => data.duplicateJob(name, copy), undo: async () => data.deleteJob(copy),
					});
				}
			});
		},
		delete() {
			act(async () => {
				const isAgreed = await confirm({
					title: `Delete the job ${name}`,
					lines: [[plain('Its backups stay, and nothing rotates them any more.')]],
					act: 'delete it',
					command: `holdfast job delete ${quoteArgument(name)}`,
				});

				if (isAgreed) {
					await change({done: `The job ${name} is gone; its backups stay.`, make: async () => data.deleteJob(name)});
				}
			});
		},
	};
};
