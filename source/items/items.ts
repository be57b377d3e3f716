import {itemNames, type ItemName} from '../domain/item.ts';
import {UserError} from '../errors.ts';
import {certificates} from './certificates/certificates.ts';
import {config} from './config/config.ts';
import {cron} from './cron/cron.ts';
import {databases} from './databases/databases.ts';
import {databaseUsers} from './database-users/database-users.ts';
import {emails} from './emails/emails.ts';
import {ftp} from './ftp/ftp.ts';
import type {Item} from './item.ts';
import {zones} from './zones/zones.ts';

const known: readonly Item[] = [config, cron, databases, databaseUsers, zones, certificates, emails, ftp];

/** The items beside the home that can be backed up, in the order in which they are restored. */
export const items: readonly Item[] = itemNames.flatMap(name => known.filter(item => item.name === name));

export const canBackUp = (name: ItemName): boolean => name === 'homedir' || items.some(item => item.name === name);

/**
The item of a name.
@throws UserError `refused` for one that this version knows by name only
*/
export const findItem = (name: ItemName): Item => {
	const item = items.find(each => each.name === name);

	if (item === undefined) {
		throw new UserError(`The item ${name} cannot be restored by this version.`, {code: 'refused', hint: 'Install the version that made the backup.'});
	}

	return item;
};
