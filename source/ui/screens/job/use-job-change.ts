import type {JobView} from '../../../actions/list-jobs.ts';
import type {AccountChoice, JobChanges} from '../../../actions/save-job.ts';
import type {Structure} from '../../../domain/backup.ts';
import {parseGlob} from '../../../domain/glob.ts';
import {itemNames, type ItemName} from '../../../domain/item.ts';
import {toText} from '../../../domain/raw-name.ts';
import {formatSchedule, parseSchedule} from '../../../domain/schedule.ts';
import {UserError} from '../../../errors.ts';
import {useInterface} from '../../interface.ts';
import type {Handler} from '../../keys/focus-stack.ts';
import {useSession} from '../../session.ts';
import {useAct} from '../../use-act.ts';
import {useChange, useWhyNot} from '../../use-change.ts';

export type JobField = {
	readonly name: string;
	readonly label: string;
	readonly hint: string;
	/** What it is now, in the words in which it is typed. */
	readonly show: (job: JobView) => string;
	/** @throws UserError for what cannot be. */
	readonly read: (text: string) => JobChanges;
};

/** Asks for one thing of a job and changes it; the change can be undone. */
export const useJobChange = (job: JobView | undefined): ((field: JobField) => Handler) => {
	const {data} = useSession();
	const {askText} = useInterface();
	const act = useAct();
	const change = useChange();
	const whyNot = useWhyNot(job, 'job');

	return ({label, hint, show, read}) => whyNot ?? (() => {
		act(async () => {
			const before = show(job!);
			const text = await askText({
				title: `${label} of ${job!.name}`, hint, text: before, check: typed => problemOf(() => {
					read(typed);
				}),
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

const structures: readonly Structure[] = ['incremental', 'archived', 'compressed'];

export const jobFields: readonly JobField[] = [
	{
		name: 'schedules',
		label: 'Schedules',
		hint: 'Separated by ;  such as daily@02:30 keep 7; weekly/sun@02:30 keep 5; monthly/1,last@03:00 keep 12; hourly/4 keep 6; after:JOB+30m keep 7. Empty: by hand alone.',
		show: ({schedules}) => schedules.map(schedule => formatSchedule(schedule)).join('; '),
		read: text => ({schedules: partsOf(text, /;/v).map(part => formatSchedule(parseSchedule(part)))}),
	},
	{
		name: 'accounts',
		label: 'Accounts',
		hint: 'all, or names, tag:NAME, owner:NAME, separated by blanks; -NAME leaves one out. The line above the facts counts who is in it.',
		show: ({accounts: {isAll, names, tags, owners, exclusions}}) => [
			...(isAll ? ['all'] : []), ...names.map(name => toText(name)), ...tags.map(tag => `tag:${tag}`), ...owners.map(owner => `owner:${toText(owner)}`), ...exclusions.map(name => `-${toText(name)}`),
		].join(' '),
		read: text => ({accounts: readChoice(partsOf(text, /\s/v))}),
	},
	{
		name: 'items',
		label: 'Items',
		hint: `all, or some of ${itemNames.join(', ')}.`,
		show: ({items}) => items.length === itemNames.length ? 'all' : items.join(' '),
		read: text => ({items: readItems(partsOf(text, /[\s,]/v))}),
	},
	{
		name: 'structure',
		label: 'Structure',
		hint: 'incremental (deduplicated snapshots, single files come back), archived (one tar an item) or compressed (one tar.gz an item).',
		show: ({structure}) => structure,
		read: text => ({structure: readStructure(text.trim())}),
	},
	{
		name: 'excludes',
		label: 'Excludes',
		hint: 'What it leaves out of all homes: patterns, separated by blanks; the accounts\' own excludes come on top.',
		show: ({excludes}) => excludes.join(' '),
		read: text => ({excludes: partsOf(text, /\s/v).map(pattern => parseGlob(pattern).pattern)}),
	},
	{
		name: 'manualRetain',
		label: 'Manual runs kept',
		hint: 'How many runs by hand are kept of each account.',
		show: ({manualRetain}) => String(manualRetain),
		read: text => ({manualRetain: readCount(text.trim())}),
	},
];

const partsOf = (text: string, separator: RegExp): readonly string[] => text.split(separator).map(part => part.trim()).filter(part => part !== '');

const readChoice = (words: readonly string[]): AccountChoice => {
	const after = (prefix: string): readonly string[] => words.filter(word => word.startsWith(prefix)).map(word => word.slice(prefix.length));

	return {
		isAll: words.includes('all'),
		accounts: words.filter(word => word !== 'all' && !/^(?:-|tag:|owner:)/v.test(word)),
		tags: after('tag:'),
		owners: after('owner:'),
		exclusions: after('-'),
	};
};

const readItems = (words: readonly string[]): readonly ItemName[] => {
	const unknown = words.find(word => word !== 'all' && !new Set<string>(itemNames).has(word));

	if (unknown !== undefined || words.length === 0) {
		throw new UserError(words.length === 0 ? 'A job without items backs up nothing.' : `There is no item "${unknown!}".`, {code: 'usage'});
	}

	return words.includes('all') ? itemNames : itemNames.filter(item => words.includes(item));
};

const readStructure = (text: string): Structure => {
	const structure = structures.find(each => each === text);

	if (structure === undefined) {
		throw new UserError(`It is one of ${structures.join(', ')}.`, {code: 'usage'});
	}

	return structure;
};

const readCount = (text: string): number => {
	if (!/^[1-9]\d{0,3}$/v.test(text)) {
		throw new UserError('It is a whole number from 1 to 9999.', {code: 'usage'});
	}

	return Number(text);
};

const problemOf = (check: () => void): string | undefined => {
	try {
		check();

		return undefined;
	} catch (error) {
		if (error instanceof UserError) {
			return error.message;
		}

		throw error;
	}
};
