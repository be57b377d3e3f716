import {statSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {selectAccounts} from '../../domain/source-account.ts';
import {
	parseGroup,
	parsePasswd,
	parseShadow,
	UnixDatabaseError,
} from '../../domain/unix-database.ts';
import {AccountSourceError, type AccountSource, type SourceReading} from './account-source.ts';

export type LinuxSourceOptions = {
	/** Paths of the three files. */
	readonly passwd: string;
	readonly shadow: string;
	readonly group: string;
	readonly uidMax: number;
};

/** What the files said, as long as they are the same. */
type KnownReading = {readonly facts: string; readonly reading: SourceReading};

/** Times of files are this coarse at worst: one that changed just now may change again unseen. */
const settledMs = 1000;
const dayMs = 86_400_000;

let last: KnownReading | undefined;

/** The accounts of passwd, shadow and group files. */
export const linuxSource = (options: LinuxSourceOptions): AccountSource => ({
	async read(today) {
		const facts = factsOf(options, today);

		if (facts !== undefined && last?.facts === facts) {
			return last.reading;
		}

		const reading = await readFiles(options, today);
		// Only what was the same before and after is what was read.
		last = facts !== undefined && factsOf(options, today) === facts ? {facts, reading} : undefined;

		return reading;
	},
});

const readFiles = async (options: LinuxSourceOptions, today: Date): Promise<SourceReading> => {
	const passwd = await parseFile(options.passwd, parsePasswd);
	const shadow = await parseFile(options.shadow, parseShadow);
	const group = await parseFile(options.group, parseGroup);

	if (passwd.every(({uid}) => uid !== 0)) {
		throw new AccountSourceError(`${options.passwd} has no user with id 0, so it is not whole.`);
	}

	return selectAccounts({
		passwd, shadow, group, today, uidMax: options.uidMax,
	});
};

/** All that the accounts follow from; `undefined` where it is not sure that nothing changes unseen. */
const factsOf = ({passwd, shadow, group, uidMax}: LinuxSourceOptions, today: Date): string | undefined => {
	const files = [passwd, shadow, group].map(path => fileFacts(path));

	return files.includes(undefined) ? undefined : [...files, uidMax, Math.floor(today.getTime() / dayMs)].join('\n');
};

const fileFacts = (path: string): string | undefined => {
	try {
		const {dev, ino, size, mtimeNs, ctimeNs, ctimeMs} = statSync(path, {bigint: true});

		return Date.now() - Number(ctimeMs) < settledMs ? undefined : `${path} ${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`;
	} catch {
		// Why it cannot be read is told by reading it.
		return undefined;
	}
};

const parseFile = async <Parsed>(path: string, parse: (text: string) => Parsed): Promise<Parsed> => {
	try {
		return parse(await readFile(path, 'latin1'));
	} catch (error) {
		if (error instanceof UnixDatabaseError) {
			throw new AccountSourceError(`${path} cannot be understood: ${error.message}.`, {cause: error});
		}

		throw new AccountSourceError(`${path} cannot be read: ${(error as Error).message}.`, {cause: error});
	}
};
