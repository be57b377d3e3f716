import {useBodySize} from '../../components/size.ts';
import {useInterface} from '../../interface.ts';
import {useKeys} from '../../keys/use-keys.ts';
import {headingHeight} from '../../list/list-body.tsx';
import {ListScreen} from '../../list/list-screen.tsx';
import {useList} from '../../list/use-list.ts';
import {useSession} from '../../session.ts';
import {useAct} from '../../use-act.ts';
import {useChange, useWhyNot} from '../../use-change.ts';
import {useLoaded, whyNothing} from '../../use-loaded.ts';
import {jobColumns, jobsList} from './jobs-list.ts';
import {useJobActs} from './use-job-acts.ts';

/** The jobs: whom they back up, when they run next. */
export function JobsScreen() {
	const {data, now} = useSession();
	const {enter, askText} = useInterface();
	const {height} = useBodySize();
	const {value, error} = useLoaded('jobs', async () => data.listJobs());
	const {value: isDaemon} = useLoaded('daemon', async () => data.isDaemonRunning());
	const list = useList({description: jobsList, items: value, height: height - headingHeight});
	const {focused} = list;
	const acts = useJobActs(list.chosen);
	const act = useAct();
	const change = useChange();

	const keys = useKeys('jobs', {
		...list.handlers,
		...acts,
		open: focused === undefined
			? whyNothing(value, 'job')
			: () => {
				enter({screen: 'job', job: focused.name});
			},
		add: useWhyNot('any', 'job') ?? (() => {
			act(async () => {
				const name = await askText({title: 'A new job', hint: 'Its name. It takes all accounts and items, and runs by hand alone until it has a schedule.', text: ''});

				if (name === undefined || name === '') {
					return;
				}

				await change({
					done: `The job ${name} is made.`, make: async () => data.createJob(name), undo: async () => data.deleteJob(name),
				});
				enter({screen: 'job', job: name});
			});
		}),
	});

	return (
		<ListScreen
			columns={jobColumns(now())}
			description={jobsList}
			emptyText='There is no job yet; n makes one.'
			error={error}
			keys={keys}
			list={list}
			remark={isDaemon === undefined ? '' : daemonWords(isDaemon)}
			waitingFor={value === undefined ? 'Reading the jobs' : undefined}
		/>
	);
}

const daemonWords = (isRunning: boolean): string => isRunning ? 'the daemon follows the schedules' : 'no daemon: nothing runs by schedule';
