import type {JobView} from '../../../actions/list-jobs.ts';
import {quoteArgument} from '../../../domain/quote-argument.ts';
import {countOf} from '../../../domain/units.ts';
import {useInterface} from '../../interface.ts';
import type {Handler} from '../../keys/focus-stack.ts';
import {muted, plain, type Line} from '../../look/span.ts';
import {firstLines} from '../../overlays/first-lines.ts';
import {useSession} from '../../session.ts';
import {useReload} from '../../tasks/task-feed.tsx';
import {useAct} from '../../use-act.ts';
import {useChange, useWhyNot} from '../../use-change.ts';
import {accountWords} from './jobs-list.ts';

/** What can be done with jobs, wherever they are shown: the marked ones, else the focused one. */
export const useJobActs = (chosen: readonly JobView[]): Readonly<Record<'run' | 'toggle' | 'duplicate' | 'delete', Handler>> => {
	const {data, asked} = useSession();
	const {confirm, askText, notify} = useInterface();
	const act = useAct();
	const change = useChange();
	const reload = useReload();
	const [job] = chosen;
	const whyNot = useWhyNot(job, 'job');

	if (whyNot !== undefined || job === undefined) {
		const reason = whyNot ?? 'There is no job here.';

		return {
			run: reason, toggle: reason, duplicate: reason, delete: reason,
		};
	}

	const {name} = job;
	const what = chosen.length === 1 ? name : countOf(chosen.length, 'job');
	const idle = chosen.filter(({isRunning}) => !isRunning);
	// Some on, some off: all go off first.
	const isOnNow = chosen.some(({enabled}) => enabled);

	return {
		run: idle.length === 0
			? `${what} ${chosen.length === 1 ? 'is' : 'are'} at work already.`
			: () => {
				act(async () => {
					const isAgreed = await confirm({
						title: `Run ${idle.length === 1 ? idle[0]!.name : countOf(idle.length, 'job')} now`,
						lines: [
							...jobLines(idle, each => `${countOf(each.accountCount, 'account')}: ${accountWords(each)}`),
							...(idle.length < chosen.length ? [[muted(`Not ${countOf(chosen.length - idle.length, 'other')}: at work already.`)]] : []),
							[muted('The backups count as manual runs.')],
						],
						act: `back up ${idle.length === 1 ? countOf(idle[0]!.accountCount, 'account') : 'the accounts of each'}`,
						command: idle.map(each => `holdfast job run ${quoteArgument(each.name)}`).join(' && '),
					});

					if (!isAgreed) {
						return;
					}

					let queued = 0;

					for (const each of idle) {
						const tasks = await data.runJob(each.name);
						queued += tasks.length;

						for (const {id} of tasks) {
							asked.add(id);
						}
					}

					reload();
					notify({text: `${idle.length === 1 ? idle[0]!.name : countOf(idle.length, 'job')}: ${countOf(queued, 'backup')} queued.`, tone: 'good'});
				});
			},
		toggle() {
			const setAll = async (isEnabled: (each: JobView) => boolean): Promise<void> => {
				for (const each of chosen) {
					await data.setJob(each.name, {enabled: isEnabled(each)});
				}
			};

			act(async () => change({
				done: `${what} ${chosen.length === 1 ? 'is' : 'are'} ${isOnNow ? 'off' : 'on'} now.`,
				make: async () => setAll(() => !isOnNow),
				undo: async () => setAll(({enabled}) => enabled),
			}));
		},
		duplicate: chosen.length > 1
			? 'One job at a time is copied: A takes the marks away.'
			: () => {
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
					title: chosen.length === 1 ? `Delete the job ${name}` : `Delete ${what}`,
					lines: [...chosen.length === 1 ? [] : jobLines(chosen, each => accountWords(each)), [plain(`${chosen.length === 1 ? 'Its' : 'Their'} backups stay, and nothing rotates them any more.`)]],
					act: chosen.length === 1 ? 'delete it' : 'delete them',
					command: chosen.map(each => `holdfast job delete ${quoteArgument(each.name)}`).join(' && '),
				});

				if (!isAgreed) {
					return;
				}

				await change({
					done: chosen.length === 1 ? `The job ${name} is gone; its backups stay.` : `${what} are gone; their backups stay.`,
					async make() {
						for (const each of chosen) {
							await data.deleteJob(each.name);
						}
					},
				});
			});
		},
	};
};

/** Exactly those that it is about. */
const jobLines = (jobs: readonly JobView[], remarkOf: (job: JobView) => string): readonly Line[] => jobs.length === 1
	? [[plain(remarkOf(jobs[0]!))]]
	: firstLines(jobs, job => [plain(`${job.name}  `), muted(remarkOf(job))]);
