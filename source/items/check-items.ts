/** What stands behind the items on this server, and what is missing for them. */
import {accessSync, constants} from 'node:fs';
import {fromText} from '../domain/raw-name.ts';
import type {SettingKey} from '../domain/settings.ts';
import {readSetting} from '../state/read-setting.ts';
import type {Store} from '../state/store.ts';
import type {Check} from '../system/machine-checks.ts';
import {toolFolders} from '../system/run-tool.ts';
import {isSystem} from './is-system.ts';
import {isThere} from './live-file.ts';

type Tool = {
	/** The names of programs of which one is enough. */
	readonly programs: readonly string[];
	readonly packageName: string;
};

type Service = {
	/** The item, and the service behind it where an item has several. */
	readonly name: string;
	readonly title: string;
	readonly setting: Extract<SettingKey, `items.${string}`>;
	/** Where the system has it. */
	readonly usual: readonly string[];
	readonly tools: readonly Tool[];
};

const services: readonly Service[] = [
	{
		name: 'cron', title: 'cron', setting: 'items.crontabs', usual: ['/usr/bin/crontab'], tools: [],
	},
	{
		name: 'databases (MariaDB)', title: 'MariaDB or MySQL', setting: 'items.mysql', usual: ['/run/mysqld/mysqld.sock'], tools: [{programs: ['mariadb', 'mysql'], packageName: 'mariadb-client'}, {programs: ['mariadb-dump', 'mysqldump'], packageName: 'mariadb-client'}],
	},
	{
		name: 'databases (PostgreSQL)', title: 'PostgreSQL', setting: 'items.postgresql', usual: ['/run/postgresql/.s.PGSQL.5432'], tools: [{programs: ['psql'], packageName: 'postgresql-client'}, {programs: ['pg_dump'], packageName: 'postgresql-client'}, {programs: ['pg_restore'], packageName: 'postgresql-client'}],
	},
	{
		name: 'zones', title: 'BIND', setting: 'items.bind', usual: ['/etc/bind/named.conf', '/etc/named.conf'], tools: [{programs: ['named-checkzone'], packageName: 'bind9-utils'}, {programs: ['rndc'], packageName: 'bind9-utils'}],
	},
	{
		name: 'certificates', title: 'certbot', setting: 'items.certificates', usual: ['/etc/letsencrypt'], tools: [],
	},
	{
		name: 'emails (mbox)', title: 'the mail that the system delivers', setting: 'items.mbox', usual: ['/var/mail'], tools: [],
	},
	{
		name: 'emails (virtual)', title: 'virtual mail', setting: 'items.vmail', usual: ['/var/vmail'], tools: [],
	},
	{
		name: 'ftp (pure-ftpd)', title: 'pure-ftpd', setting: 'items.pureftpd', usual: ['/etc/pure-ftpd/pureftpd.passwd'], tools: [{programs: ['pure-pw'], packageName: 'pure-ftpd'}],
	},
	{
		name: 'ftp (proftpd)', title: 'proftpd', setting: 'items.proftpd', usual: ['/etc/proftpd/proftpd.conf'], tools: [],
	},
];

export const checkItems = async (store: Store): Promise<readonly Check[]> => {
	const checks: Check[] = [];

	for (const service of services) {
		checks.push(await checkService(service, store));
	}

	return checks;
};

const checkService = async ({name, title, setting, usual, tools}: Service, store: Store): Promise<Check> => {
	const value = await readSetting(store, setting);
	const change = `"holdfast setting set ${setting} PATH"`;

	if (value !== 'system') {
		return isThere(fromText(value))
			? checkTools({name, found: value}, tools)
			: {
				name, status: 'problem', message: `${value} does not exist, where the setting ${setting} says it is.`, hint: `Start the service or mount the folder, or correct it with ${change}.`,
			};
	}

	if (!await isSystem(store)) {
		return {
			name, status: 'absent', message: `The accounts are not the system's, so nothing of the system's ${title} is taken.`, hint: `Name theirs with ${change}.`,
		};
	}

	const found = usual.find(path => isThere(path));

	return found === undefined
		? {
			name, status: 'absent', message: `There is no ${title} at ${usual.join(' or ')}: backups hold nothing of it.`, hint: `If it is elsewhere, say where with ${change}; if it should be there, install or start it.`,
		}
		: checkTools({name, found}, tools);
};

const checkTools = ({name, found}: {readonly name: string; readonly found: string}, tools: readonly Tool[]): Check => {
	const missing = tools.find(({programs}) => programs.every(program => !isProgram(program)));

	return missing === undefined
		? {
			name, status: 'ok', message: `Found: ${found}.`, hint: null,
		}
		: {
			name, status: 'warning', message: `${found} is there, but the program ${missing.programs.join(' or ')} is not: it cannot all be backed up and restored.`, hint: `Install the package ${missing.packageName}.`,
		};
};

const isProgram = (program: string): boolean => toolFolders.some(folder => {
	try {
		accessSync(`${folder}/${program}`, constants.X_OK);

		return true;
	} catch {
		return false;
	}
});
