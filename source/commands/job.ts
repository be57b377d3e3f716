import {listJobs, showJob, type JobView} from '../actions/list-jobs.ts';
import {
	createJob,
	deleteJob,
	duplicateJob,
	setJob,
} from '../actions/save-job.ts';
import {formatSchedule} from '../domain/schedule.ts';
import {UserError} from '../errors.ts';
import {defineCommand, type AnyCommand, type Argument} from './command.ts';
import {describeChoice, describeJob, describeState} from './describe-job.ts';
import {jobFields, jobToJson} from './job-json.ts';
import {hasJobChanges, jobOptions, toJobChanges} from './job-options.ts';
import {showAge, showNext} from './show-time.ts';
import {formatTable} from './table.ts';

export const jobArgument = {name: 'NAME', meaning: 'name of the job'} as const satisfies Argument;

const scheduleDetails = [
	'Schedules: hourly/N, daily@HH:MM, daily/mon,thu@HH:MM, weekly/sun@HH:MM, monthly/1,15,last@HH:MM, after:JOB+30m; each with "keep K", how many complete backups of each account it keeps, and as many partial ones. A day that a month lacks is its last. Times are in the zone of schedules.timeZone; where clocks are changed each runs once. What came due while the server was off runs once when it is on.',
	'A schedule that only changes keeps its backups; those of one that is taken away stay until they are deleted.',
];

export const jobList = defineCommand({
	arguments: [],
	options: {},
	json: `{"jobs": […]}, each with ${jobFields}`,
	examples: ['holdfast job list', 'holdfast job list --json'],
	needs: 'setup',
	async run({context, output}) {
		const jobs = await listJobs(context);
		await output.result({jobs: jobs.map(job => jobToJson(job))}, async () => describeList(jobs, context.clock.now()));
	},
});

export const jobShow = defineCommand({
	arguments: [jobArgument],
	options: {},
	json: `the job: ${jobFields}`,
	examples: ['holdfast job show nightly'],
	needs: 'setup',
	async run({context, values, output}) {
		const [name] = values;
		const job = await showJob(context, name);
		await output.result(jobToJson(job), () => describeJob(job, context.clock.now()));
	},
});

export const jobCreate = defineCommand({
	arguments: [jobArgument],
	options: jobOptions,
	json: `the job: ${jobFields}`,
	details: ['Without --accounts, --tag or --owner all accounts are in it, also those to come. An account that is named in several ways is in it once.', ...scheduleDetails],
	examples: [
		'holdfast job create nightly --schedule \'daily@02:30 keep 7\' --schedule \'weekly/sun@02:30 keep 5\'',
		'holdfast job create shops --tag shop --except bob --schedule \'hourly/4 keep 12\'',
		'holdfast job create tars --structure compressed --schedule \'after:nightly+30m keep 3\'',
	],
	needs: 'setup',
	async run({context, values, options, output}) {
		const [name] = values;
		const job = await createJob(context, name, toJobChanges(options));
		await output.result(jobToJson(job), () => describeJob(job, context.clock.now()));
	},
});

export const jobSet = defineCommand({
	arguments: [jobArgument],
	options: jobOptions,
	json: `the job: ${jobFields}`,
	details: ['Lists that are given replace those it has; none alone empties --schedule, --exclude and --except.', ...scheduleDetails],
	examples: ['holdfast job set nightly --schedule \'daily@03:00 keep 14\'', 'holdfast job set shops --accounts alice,carol', 'holdfast job set nightly --exclude \'*.tmp\' --exclude cache'],
	needs: 'setup',
	async run({context, values, options, output}) {
		const [name] = values;

		if (!hasJobChanges(options)) {
			throw new UserError('Nothing to change was given.', {code: 'usage', hint: 'See what can be set with "holdfast job set --help".'});
		}

		const job = await setJob(context, name, toJobChanges(options));
		await output.result(jobToJson(job), () => describeJob(job, context.clock.now()));
	},
});

export const jobDuplicate = defineCommand({
	arguments: [jobArgument, {name: 'COPY', meaning: 'name of the new job'}],
	options: {},
	json: `the new job: ${jobFields}`,
	details: ['The copy is switched off: look at it, then switch it on with "holdfast job enable".'],
	examples: ['holdfast job duplicate nightly nightly-offsite'],
	needs: 'setup',
	async run({context, values, output}) {
		const [name, copy] = values;
		const job = await duplicateJob(context, {name, copy});
		await output.result(jobToJson(job), () => describeJob(job, context.clock.now()));
	},
});

export const jobDelete = defineCommand({
	arguments: [jobArgument],
	options: {},
	json: `the job as it was: ${jobFields}`,
	details: ['Its backups stay, and nothing rotates them any more.'],
	examples: ['holdfast job delete shops'],
	needs: 'setup',
	async run({context, values, output}) {
		const [name] = values;
		const job = await deleteJob(context, name);
		await output.result(jobToJson(job), () => `The job ${name} is gone; its backups stay.`);
	},
});

const defineSwitch = (isEnabled: boolean): AnyCommand => defineCommand({
	arguments: [jobArgument],
	options: {},
	json: `the job: ${jobFields}`,
	details: [isEnabled ? 'It runs at the next time its schedules name; what passed meanwhile is not made up for.' : 'Its schedules do nothing until it is enabled; it still runs by hand.'],
	examples: [`holdfast job ${isEnabled ? 'enable' : 'disable'} nightly`],
	needs: 'setup',
	async run({context, values, output}) {
		const [name] = values;
		const job = await setJob(context, name, {enabled: isEnabled});
		await output.result(jobToJson(job), () => describeJob(job, context.clock.now()));
	},
});

export const jobEnable = defineSwitch(true);
export const jobDisable = defineSwitch(false);

const describeList = async (jobs: readonly JobView[], now: Date): Promise<string> => jobs.length === 0
	? 'No job yet: "holdfast job create NAME" makes one.'
	: formatTable(
		[{heading: 'JOB'}, {heading: 'STATE'}, {heading: 'ACCOUNTS', isFlexible: true}, {heading: '', align: 'right'}, {heading: 'SCHEDULES', isFlexible: true}, {heading: 'NEXT RUN'}, {heading: 'LAST RUN'}],
		jobs.map(job => [
			job.name,
			describeState(job),
			describeChoice(job),
			String(job.accountCount),
			job.schedules.length === 0 ? '–' : job.schedules.map(schedule => formatSchedule(schedule)).join(', '),
			job.nextRunAt === null ? '–' : showNext(job.nextRunAt, now),
			showAge(job.lastRunAt, now),
		]),
	);
