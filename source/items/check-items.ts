/** What stands behind the items on this server, and what is missing for them. */
import {accessSync, constants} from 'node:fs';
import {fromText} from '../domain/raw-name.ts';
import type {DatabaseKind} from '../domain/owned-names.ts';
import type {SettingKey} from '../domain/settings.ts';
import {readSetting} from '../state/read-setting.ts';
import type {Store} from '../state/store.ts';
import type {Check} from '../system/machine-checks.ts';
import {toolFolders} from '../system/run-tool.ts';
import {openServer} from './databases/find-databases.ts';
import {describeFailure} from './describe-failure.ts';
import {isSystem} from './is-system.ts';
import {isThere} from './live-file.ts';

type Tool = {
	/** The names of programs of which one is enough. */
	readonly programs: readonly string[];
	readonly packageName: string;
	/** What cannot be done without it. */
	readonly loss: string;
};

type Service = {
	/** The item, and the service behind it where an item has several. */
	readonly name: string;
	readonly title: string;
	readonly setting: Extract<SettingKey, `items.${string}`>;
	/** Where the system has it. */
	readonly usual: readonly string[];
	/** Those that most depends on first. */
	readonly tools: readonly Tool[];
	/** A server that has to answer. */
	readonly kind?: DatabaseKind;
};

const neither = 'databases and their users can be neither backed up nor restored';

const services: readonly Service[] = [
	{
		name: 'cron', title: 'cron', setting: 'items.crontabs', usual: ['/usr/bin/crontab'], tools: [],
	},
	{
		name: 'databases (MariaDB)',
		title: 'MariaDB or MySQL',
		setting: 'items.mysql',
		usual: ['/run/mysqld/mysqld.sock'],
		tools: [
			{programs: ['mariadb', 'mysql'], packageName: 'mariadb-client', loss: neither},
			{programs: ['mariadb-dump', 'mysqldump'], packageName: 'mariadb-client', loss: 'databases cannot be backed up'},
		],
		kind: 'mysql',
	},
	{
		name: 'databases (PostgreSQL)',
		title: 'PostgreSQL',
		setting: 'items.postgresql',
		usual: ['/run/postgresql/.s.PGSQL.5432'],
		tools: [
			{programs: ['psql'], packageName: 'postgresql-client', loss: neither},
			{programs: ['pg_restore'], packageName: 'postgresql-client', loss: 'databases can be neither backed up nor restored'},
			{programs: ['pg_dump'], packageName: 'postgresql-client', loss: 'databases cannot be backed up'},
		],
		kind: 'postgresql',
	},
	{
		name: 'zones',
		title: 'BIND',
		setting: 'items.bind',
		usual: ['/etc/bind/named.conf', '/etc/named.conf'],
		tools: [
			{programs: ['named-checkzone'], packageName: 'bind9-utils', loss: 'no zone is put back'},
			{programs: ['rndc'], packageName: 'bind9-utils', loss: 'BIND is not told of zones that are put back'},
		],
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
		name: 'ftp (pure-ftpd)',
		title: 'pure-ftpd',
		setting: 'items.pureftpd',
		usual: ['/etc/pure-ftpd/pureftpd.passwd'],
		tools: [{programs: ['pure-pw'], packageName: 'pure-ftpd', loss: 'pure-ftpd is not told of logins that are put back'}],
	},
	{
		name: 'ftp (proftpd)', title: 'proftpd', setting: 'items.proftpd', usual: ['/etc/proftpd/proftpd.conf'], tools: [],
	},
];

/** What makes and changes users of the system. */
const userTools = ['useradd', 'usermod', 'userdel', 'groupadd', 'groupdel', 'gpasswd', 'chpasswd', 'chgpasswd', 'chage'].map((program): Tool => ({programs: [program], packageName: 'passwd', loss: 'users cannot be made and changed as they were'}));

/** A server that is stuck is told from one that is slow. */
const patienceMs = 10_000;

export const checkItems = async (store: Store): Promise<readonly Check[]> => {
	const checks: Check[] = [await checkUsers(store)];

	for (const service of services) {
		checks.push(await checkService(service, store));
	}

	return checks;
};

const checkUsers = async (store: Store): Promise<Check> => {
	const found = await readSetting(store, 'accounts.passwd');

	return await isSystem(store) ? checkTools({name: 'config', found}, userTools) : ok('config', found);
};

const checkService = async ({name, title, setting, usual, tools, kind}: Service, store: Store): Promise<Check> => {
	const value = await readSetting(store, setting);
	const change = `"holdfast setting set ${setting} PATH"`;

	if (value === 'system' && !await isSystem(store)) {
		return {
			name, status: 'absent', message: `The accounts are not the system's, so nothing of the system's ${title} is taken.`, hint: `Name theirs with ${change}.`,
		};
	}

	const found = (value === 'system' ? usual : [value]).find(path => isThere(fromText(path)));

	if (found !== undefined) {
		const check = checkTools({name, found}, tools);

		return kind === undefined || check.status !== 'ok'
			? check
			: checkAnswer(check, {
				kind, found, change, store,
			});
	}

	return value === 'system'
		? {
			name, status: 'absent', message: `There is no ${title} at ${usual.join(' or ')}: backups hold nothing of it.`, hint: `If it is elsewhere, say where with ${change}; if it should be there, install or start it.`,
		}
		: {
			name, status: 'problem', message: `${value} does not exist, where the setting ${setting} says it is.`, hint: `Start the service or mount the folder, or correct it with ${change}.`,
		};
};

const ok = (name: string, found: string): Check => ({
	name, status: 'ok', message: `Found: ${found}.`, hint: null,
});

const checkTools = ({name, found}: {readonly name: string; readonly found: string}, tools: readonly Tool[]): Check => {
	const missing = tools.filter(({programs}) => programs.every(program => !isProgram(program)));

	return missing.length === 0
		? ok(name, found)
		: {
			name,
			status: 'warning',
			message: `${found} is there, but not ${missing.map(({programs}) => programs.join(' or ')).join(', ')}: ${missing[0]!.loss}.`,
			hint: `Install the package ${[...new Set(missing.map(({packageName}) => packageName))].join(', ')}.`,
		};
};

type Answering = {readonly kind: DatabaseKind; readonly found: string; readonly change: string; readonly store: Store};

/** A socket stays where a server was killed, and may be anything. */
const checkAnswer = async (check: Check, {kind, found, change, store}: Answering): Promise<Check> => {
	try {
		const server = await openServer(kind, {store, signal: AbortSignal.timeout(patienceMs)});
		await server?.list();

		return check;
	} catch (error) {
		const reason = (error as Error).name === 'AbortError' ? `no answer within ${patienceMs / 1000} seconds` : describeFailure(error);

		return {
			...check, status: 'problem', message: `The server at ${found} does not answer: ${reason}. Until it does, ${neither}.`, hint: `Start it, or correct where it is with ${change}.`,
		};
	}
};

const isProgram = (program: string): boolean => toolFolders.some(folder => {
	try {
		accessSync(`${folder}/${program}`, constants.X_OK);

		return true;
	} catch {
		return false;
	}
});
