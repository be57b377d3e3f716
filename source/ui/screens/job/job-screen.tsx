import type {JobView} from '../../../actions/list-jobs.ts';
import {Lines} from '../../components/lines.tsx';
import {Menu} from '../../components/menu.tsx';
import {Screen} from '../../components/screen.tsx';
import {useBodySize} from '../../components/size.ts';
import {useMenu, type Choice} from '../../components/use-menu.ts';
import {factLine} from '../../components/fact-line.ts';
import {countOf} from '../../../domain/units.ts';
import {formatSchedule} from '../../../domain/schedule.ts';
import {describeZones} from '../../../domain/time-zone.ts';
import {useKeys} from '../../keys/use-keys.ts';
import {showName} from '../../look/name.ts';
import {
	muted,
	plain,
	toned,
	type Line,
} from '../../look/span.ts';
import {showAge, showNext, showTime} from '../../look/time.ts';
import {useSession} from '../../session.ts';
import {errorLines} from '../../use-act.ts';
import {useLoaded} from '../../use-loaded.ts';
import {stateSpan} from '../jobs/jobs-list.ts';
import {useJobActs} from '../jobs/use-job-acts.ts';
import {jobFields, type JobField} from './job-fields.ts';
import {useJobChange} from './use-job-change.ts';

/** One job: when it runs next, who is in it now, and all that can be changed, a row each. */
export function JobScreen({job: name}: {readonly job: string}) {
	const {data, now} = useSession();
	const {width} = useBodySize();
	const {value: job, error} = useLoaded('job', async () => data.showJob(name));
	const change = useJobChange(job);
	const choices = job === undefined
		? []
		: jobFields.map((field): Choice => {
			const shown = field.show(job);

			return {
				value: field.name, label: field.label, remark: shown === '' ? 'none' : shown, choose: change(field satisfies JobField),
			};
		});
	const menu = useMenu(choices);
	const keys = useKeys('job', {...menu.handlers, ...useJobActs(job === undefined ? [] : [job])});

	return (
		<Screen info={[muted(job === undefined ? ` ${name}` : ` ${countOf(job.accountCount, 'account')} in it now`)]} keys={keys}>
			<Lines lines={job === undefined ? [[], ...(error === undefined ? [[muted('   Reading the job ...')]] : errorLines(error))] : [[], ...factsOf(job, now()), []]} width={width}/>
			<Menu index={menu.index} items={menu.items} width={width}/>
		</Screen>
	);
}

const mostSchedules = 4;
const mostLeftOut = 2;

const factsOf = (job: JobView, now: Date): readonly Line[] => {
	const zones = job.schedules.length === 0 ? undefined : describeZones(job.timeZone);

	return [
		factLine('State', [stateSpan(job), muted(job.lastRunAt === null ? '  it never ran' : `  its last run began ${showAge(job.lastRunAt, now)}`)]),
		...job.schedules.slice(0, mostSchedules).map(schedule => factLine('Runs', [
			plain(formatSchedule(schedule)),
			muted(schedule.nextRunAt === null ? '' : `  next ${showTime(schedule.nextRunAt)}, ${showNext(schedule.nextRunAt, now)}`),
		])),
		...(job.schedules.length > mostSchedules ? [factLine('', [muted(`and ${job.schedules.length - mostSchedules} more schedules`)])] : []),
		...(zones === undefined ? [] : [factLine('Time zone', [plain(zones)])]),
		...(job.missedSince === null ? [] : [factLine('Owed', [toned('warning', `since ${showTime(job.missedSince)}: is the daemon there?`)])]),
		...job.leftOut.slice(0, mostLeftOut).map(({name, wish}) => factLine('Left out', [toned('warning', `${showName(name)} wants ${wish}`)])),
		...(job.leftOut.length > mostLeftOut ? [factLine('', [muted(`and ${job.leftOut.length - mostLeftOut} more`)])] : []),
	];
};
