import {readFile} from 'node:fs/promises';
import {selectAccounts} from '../../domain/source-account.ts';
import {
	parseGroup,
	parsePasswd,
	parseShadow,
	UnixDatabaseError,
} from '../../domain/unix-database.ts';
import {AccountSourceError, type AccountSource} from './account-source.ts';

export type LinuxSourceOptions = {
	/** Paths of the three files. */
	readonly passwd: string;
	readonly shadow: string;
	readonly group: string;
	readonly uidMax: number;
};

/** The accounts of passwd, shadow and group files. */
export const linuxSource = (options: LinuxSourceOptions): AccountSource => ({
	async read(today) {
		const passwd = await parseFile(options.passwd, parsePasswd);
		const shadow = await parseFile(options.shadow, parseShadow);
		const group = await parseFile(options.group, parseGroup);

		if (passwd.every(({uid}) => uid !== 0)) {
			throw new AccountSourceError(`${options.passwd} has no user with id 0, so it is not whole.`);
		}

		return selectAccounts({
			passwd, shadow, group, today, uidMax: options.uidMax,
		});
	},
});

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
