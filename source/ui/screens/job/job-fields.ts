import type {JobView} from '../../../actions/list-jobs.ts';
import type {AccountChoice, JobChanges} from '../../../actions/save-job.ts';
import type {Structure} from '../../../domain/backup.ts';
import {parseGlob} from '../../../domain/glob.ts';
import {itemNames, type ItemName} from '../../../domain/item.ts';
import {nextOccurrences} from '../../../domain/occurrences.ts';
import {toText} from '../../../domain/raw-name.ts';
import {formatSchedule, parseSchedule, parseTiming} from '../../../domain/schedule.ts';
import {timeZone} from '../../../domain/time-zone.ts';
import {countOf} from '../../../domain/units.ts';
import {UserError} from '../../../errors.ts';
import type {Data} from '../../data.ts';
import {showName} from '../../look/name.ts';
import {showTime} from '../../look/time.ts';
import {joinPatterns, splitPatterns} from './patterns.ts';

export type JobField = {
	readonly name: string;
	readonly label: string;
	readonly hint: string;
	/** What it is now, in the words in which it is typed. */
	readonly show: (job: JobView) => string;
	/** @throws UserError for what cannot be. */
	readonly read: (text: string) => JobChanges;
	/** What a text would come to. Throws as `read`. */
	readonly preview?: (text: string, facts: PreviewFacts) => Promise<readonly string[]>;
};

export type PreviewFacts = {readonly job: JobView; readonly data: Pick<Data, 'previewMembers'>; readonly now: Date};

const structures: readonly Structure[] = ['incremental', 'archived', 'compressed'];
/** Of each schedule. */
const nextShown = 2;

export const jobFields: readonly JobField[] = [
	{
		name: 'schedules',
		label: 'Schedules',
		hint: 'Separated by ;  such as daily@02:30 keep 7; weekly/sun@02:30 keep 5; monthly/1,last@03:00 keep 12; hourly/4 keep 6; after:JOB+30m keep 7. Empty: by hand alone.',
		show: ({schedules}) => schedules.map(schedule => formatSchedule(schedule)).join('; '),
		read: text => ({schedules: readSchedules(text).map(schedule => formatSchedule(schedule))}),
		async preview(text, {job, now}) {
			const schedules = readSchedules(text);
			const zone = timeZone(job.timeZone);

			return schedules.map(({when, keep}) => {
				const timing = parseTiming(when);
				const next = timing.type === 'after'
					? `after each run of ${timing.job}`
					: nextOccurrences(timing, {after: now.getTime(), zone, count: nextShown}).map(time => showTime(new Date(time).toISOString())).join(', then ');

				return `${formatSchedule({when, keep})}: ${next}`;
			});
		},
	},
	{
		name: 'accounts',
		label: 'Accounts',
		hint: 'all, or names, tag:NAME, owner:NAME, separated by blanks; -NAME leaves one out.',
		show: ({accounts: {isAll, names, tags, owners, exclusions}}) => [
			...(isAll ? ['all'] : []), ...names.map(name => toText(name)), ...tags.map(tag => `tag:${tag}`), ...owners.map(owner => `owner:${toText(owner)}`), ...exclusions.map(name => `-${toText(name)}`),
		].join(' '),
		read: text => ({accounts: readChoice(partsOf(text, /\s/v))}),
		async preview(text, {job, data}) {
			const {members, leftOut, newTags} = await data.previewMembers(readChoice(partsOf(text, /\s/v)), job);

			return [
				`${countOf(members.length, 'account')} in it now${members.length === 0 ? '' : `: ${members.slice(0, mostNamed).map(name => showName(name)).join(', ')}${members.length > mostNamed ? ' …' : ''}`}`,
				...(leftOut.length === 0 ? [] : [`left out, as they want it: ${leftOut.map(name => showName(name)).join(', ')}`]),
				...newTags.map(tag => `nobody has the tag ${tag} yet`),
			];
		},
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
		name: 'destination',
		label: 'Destination',
		hint: 'Name of the destination; "destinations" in the palette (:) shows them. Earlier backups stay where they are.',
		show: ({destinationName}) => destinationName,
		read: text => ({destination: readDestination(text.trim())}),
	},
	{
		name: 'encrypted',
		label: 'Encrypted',
		hint: 'yes: under the accounts\' own keys. no: what is incremental is under the server\'s master key, archives are plain files.',
		show: ({encrypted}) => encrypted ? 'yes' : 'no',
		read: text => ({encrypted: isYes(text.trim())}),
	},
	{
		name: 'excludes',
		label: 'Excludes',
		hint: 'What it leaves out of all homes: patterns, separated by blanks, one with a blank in it in "quotes"; the accounts\' own excludes come on top.',
		show: ({excludes}) => joinPatterns(excludes),
		read: text => ({excludes: splitPatterns(text).map(pattern => parseGlob(pattern).pattern)}),
	},
	{
		name: 'manualRetain',
		label: 'Manual runs kept',
		hint: 'How many runs by hand are kept of each account.',
		show: ({manualRetain}) => String(manualRetain),
		read: text => ({manualRetain: readCount(text.trim())}),
	},
];

const mostNamed = 12;

const partsOf = (text: string, separator: RegExp): readonly string[] => text.split(separator).map(part => part.trim()).filter(part => part !== '');

const readSchedules = (text: string) => partsOf(text, /;/v).map(part => parseSchedule(part));

const readChoice = (words: readonly string[]): AccountChoice => {
	if (words.length === 0) {
		throw new UserError('Say whose backups it makes: all takes everybody.', {code: 'usage'});
	}

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

const readDestination = (text: string): string => {
	if (text === '') {
		throw new UserError('A job needs a destination.', {code: 'usage'});
	}

	return text;
};

const isYes = (text: string): boolean => {
	if (text !== 'yes' && text !== 'no') {
		throw new UserError('It is yes or no.', {code: 'usage'});
	}

	return text === 'yes';
};

const readCount = (text: string): number => {
	if (!/^[1-9]\d{0,3}$/v.test(text)) {
		throw new UserError('It is a whole number from 1 to 9999.', {code: 'usage'});
	}

	return Number(text);
};
