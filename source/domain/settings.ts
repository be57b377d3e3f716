/** Every setting as data: what `setting list` and the settings screen show, and how a text becomes a value. */
import {UserError} from '../errors.ts';
import {
	addressesSetting,
	booleanSetting,
	choiceSetting,
	numberSetting,
	placeSetting,
	sizeSetting,
	textSetting,
	timeZoneSetting,
	timingSetting,
} from './setting-kinds.ts';

const gibibyte = 1024 ** 3;

export const settings = {
	'machine.name': textSetting({
		standIn: 'the host\'s name', meaning: 'the first part of every full path: machine!file:/home/alice', pattern: /^[^\s\p{Control}!\/:]+$/v, rule: 'a name without spaces, "!", ":" and "/"',
	}),
	'accounts.passwd': textSetting({fallback: '/etc/passwd', meaning: 'where the accounts come from', isPath: true}),
	'accounts.shadow': textSetting({fallback: '/etc/shadow', meaning: 'where it is read whether an account is suspended', isPath: true}),
	'accounts.group': textSetting({fallback: '/etc/group', meaning: 'where it is read who is an administrator (sudo, wheel)', isPath: true}),
	'accounts.uidMax': numberSetting({
		fallback: 60_000, least: 1000, most: 4_294_967_294, meaning: 'the highest user id that is an account',
	}),
	'accounts.homeRoots': textSetting({
		fallback: '/home', meaning: 'below which folders the home of an account that is made again may lie, separated by commas', pattern: /^\/[^\p{Control},]*(?:,\s*\/[^\p{Control},]*)*$/v, rule: 'absolute paths, separated by commas',
	}),
	'accounts.inactiveDays': numberSetting({
		fallback: 14, least: 1, most: 36_500, unit: 'days', meaning: 'how long a removed account without backups is remembered',
	}),
	'orphans.ttlDays': numberSetting({
		fallback: 180, most: 36_500, unit: 'days', meaning: 'how long the backups of a removed account are kept; 0 = for ever',
	}),
	'downloads.ttlDays': numberSetting({
		fallback: 7, most: 36_500, unit: 'days', meaning: 'how long a download is kept; 0 = for ever',
	}),
	'downloads.dir': textSetting({standIn: 'in the state directory', meaning: 'where downloads lie', isPath: true}),
	'onDemand.job': textSetting({standIn: 'the first job', meaning: 'the job whose settings backups on demand use'}),
	'onDemand.retain': numberSetting({
		fallback: 14, least: 1, most: 99, meaning: 'how many backups on demand are kept per account',
	}),
	'onDemand.ttlDays': numberSetting({
		fallback: 30, most: 36_500, unit: 'days', meaning: 'how long a backup on demand is kept; 0 = for ever',
	}),
	'onDemand.maxBytes': sizeSetting({fallback: 0, meaning: 'backups on demand are refused to accounts larger than this; 0 = no rule'}),
	'onDemand.maxInodes': numberSetting({fallback: 0, meaning: 'backups on demand are refused to accounts with more files than this; 0 = no rule'}),
	'schedules.timeZone': timeZoneSetting({standIn: 'the server\'s time zone', meaning: 'in which time zone schedules are meant'}),
	'cleanup.when': timingSetting({fallback: 'daily@05:30', meaning: 'when the daemon takes away what has expired and frees what no backup needs, as daily@05:30, or none'}),
	'verify.when': timingSetting({fallback: 'daily@06:30', meaning: 'when the daemon reads a share of what is stored again, as daily@06:30, or none'}),
	'verify.days': numberSetting({
		fallback: 30, least: 1, most: 3650, unit: 'days', meaning: 'in how many days the daemon reads all that is stored once, a share a day',
	}),
	'queue.backupLanes': numberSetting({
		fallback: 1, least: 1, most: 10, meaning: 'how many backups run at once',
	}),
	'queue.restoreLanes': numberSetting({
		fallback: 1, least: 1, most: 10, meaning: 'how many restores, downloads and the like run at once',
	}),
	'queue.logDays': numberSetting({
		fallback: 90, most: 36_500, unit: 'days', meaning: 'how long finished tasks and what they met are remembered; 0 = for ever',
	}),
	'engine.threads': numberSetting({
		standIn: 'as many as cores', least: 1, most: 64, meaning: 'how many threads read, compress and seal',
	}),
	'engine.nice': numberSetting({fallback: 10, most: 19, meaning: 'how much the engine yields the processor to others; 0 = not at all'}),
	'engine.ioClass': choiceSetting({fallback: 'idle', choices: ['idle', 'best-effort'], meaning: 'whether the engine reads the disk only when nobody else does'}),
	'destination.minFreeBytes': sizeSetting({fallback: gibibyte, meaning: 'a backup is refused when less would be left free at the destination'}),
	'restore.limitTimes': numberSetting({fallback: 0, most: 10_000, meaning: 'how many restores an account may have in restore.limitHours; 0 = no rule'}),
	'restore.limitHours': numberSetting({
		fallback: 0, most: 8760, unit: 'hours', meaning: 'in which time restore.limitTimes counts; 0 = no rule',
	}),
	'restore.safetyBackup': booleanSetting({fallback: true, meaning: 'whether what a restore overwrites or removes is backed up first'}),
	'restore.safetyTtlDays': numberSetting({
		fallback: 7, most: 36_500, unit: 'days', meaning: 'how long safety backups are kept; 0 = for ever',
	}),
	'status.overdueDays': numberSetting({
		fallback: 2, least: 1, most: 36_500, unit: 'days', meaning: 'an account without a backup for so long is a problem',
	}),
	'items.mysql': placeSetting({service: '/run/mysqld/mysqld.sock', meaning: 'the socket of MariaDB or MySQL, where root may log in, or system'}),
	'items.postgresql': placeSetting({service: '/run/postgresql/.s.PGSQL.5432', meaning: 'the socket of PostgreSQL, where its own user may log in, or system'}),
	'items.bind': placeSetting({service: '/etc/bind/named.conf', meaning: 'the configuration of BIND, which says where the zones are, or system'}),
	'items.certificates': placeSetting({service: '/etc/letsencrypt', meaning: 'the folder of certbot\'s that holds live, archive and renewal, or system'}),
	'items.mbox': placeSetting({service: '/var/mail', meaning: 'the folder that holds a file of mail for each user, or system'}),
	'items.vmail': placeSetting({service: '/var/vmail', meaning: 'the folder that holds virtual mailboxes as DOMAIN/NAME, or system'}),
	'items.pureftpd': placeSetting({service: '/etc/pure-ftpd/pureftpd.passwd', meaning: 'the file of pure-ftpd\'s virtual logins, or system'}),
	'items.proftpd': placeSetting({service: '/etc/proftpd/proftpd.conf', meaning: 'the configuration of proftpd, which says where its AuthUserFile is, or system'}),
	'items.crontabs': placeSetting({service: 'crontab(1)', meaning: 'where the crontabs of the accounts are: a folder with a file for each, or system'}),
	'notify.on': choiceSetting({fallback: 'problems', choices: ['all', 'problems', 'none'], meaning: 'which results are mailed'}),
	'notify.to': addressesSetting({meaning: 'mail addresses of administrators, separated by commas, or none'}),
	'notify.sendmail': textSetting({fallback: '/usr/sbin/sendmail', meaning: 'the program that sends mail', isPath: true}),
	'notify.smtp': textSetting({
		fallback: 'none', meaning: 'an SMTP server that sends mail instead, as host:port, or none', pattern: /^(?:\[[\d:a-f]+\]|[^\s\p{Control}:]+)(?::\d{1,5})?$/v, rule: 'host:port, such as mail.example.com:587, or none',
	}),
	'notify.smtpUser': textSetting({fallback: 'none', meaning: 'the name to log in to the SMTP server with, or none'}),
	'notify.smtpPasswordFile': textSetting({
		fallback: 'none', meaning: 'a file whose first line is the password for it, and that nobody else may read; or none', pattern: /^(?:none|\/\P{Control}+)$/v, rule: 'an absolute path, or none',
	}),
};

export type SettingKey = keyof typeof settings;
export type SettingValue<Key extends SettingKey> = ReturnType<(typeof settings)[Key]['parse']>;
export type StoredSettings = Readonly<Record<string, string | number | boolean>>;

export const settingKeys = Object.keys(settings) as readonly SettingKey[];

/**
The key as a known one.
@throws UserError `notFound`
*/
export const checkSettingKey = (key: string): SettingKey => {
	if (Object.hasOwn(settings, key)) {
		return key as SettingKey;
	}

	throw new UserError(`There is no setting "${key}".`, {code: 'notFound', hint: 'See all with "holdfast setting list".'});
};

/**
The value of a text that an operator typed.
@throws UserError `usage` saying what is allowed.
*/
export const parseSetting = (key: SettingKey, text: string): string | number | boolean => {
	try {
		return settings[key].parse(text);
	} catch (error) {
		throw new UserError(`${key} cannot be "${text}": it must be ${(error as RangeError).message}.`, {code: 'usage', cause: error});
	}
};
