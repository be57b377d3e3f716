import type {Identity} from '../domain/account.ts';
import {isLocked} from '../domain/backup-lock.ts';
import {toScreen} from '../domain/raw-name.ts';
import {onDemandLimit} from '../domain/retention.ts';
import {countOf, formatBytes, formatCount} from '../domain/units.ts';
import {UserError} from '../errors.ts';
import {readSetting} from '../state/read-setting.ts';
import type {Context} from './context.ts';
import {measureHome} from './measure-account.ts';

/**
Whether an account may have a backup on demand now. At its limit the oldest one that is not locked makes room, after the new one succeeded.
@throws UserError `refused` saying which rule is in the way.
*/
export const checkOnDemand = async ({store, clock}: Pick<Context, 'store' | 'clock'>, identity: Identity): Promise<void> => {
	const name = toScreen(identity.name);

	if (identity.maxOnDemand === 0) {
		throw new UserError(`Backups on demand are not allowed for ${name}.`, {
			code: 'refused',
			hint: `Allow them with "holdfast account set ${name} --max-on-demand global", or run a job with --job.`,
		});
	}

	const {backups} = await store.read('backups', identity.uuid);
	const onDemand = backups.filter(({kind}) => kind === 'onDemand');
	const limit = onDemandLimit(identity, {onDemandRetain: await readSetting(store, 'onDemand.retain')});
	const now = clock.now();

	if (onDemand.length >= limit && onDemand.every(backup => isLocked(backup, now))) {
		throw new UserError(`${name} has ${countOf(onDemand.length, 'backup')} on demand, at most ${limit} are kept, and all are locked.`, {
			code: 'refused',
			hint: `Unlock one: see "holdfast backup list ${name} --kind onDemand --locked".`,
		});
	}

	await checkSize(store, identity);
};

const checkSize = async (store: Context['store'], identity: Identity): Promise<void> => {
	const [maxBytes, maxInodes] = await Promise.all([readSetting(store, 'onDemand.maxBytes'), readSetting(store, 'onDemand.maxInodes')]);

	if (maxBytes === 0 && maxInodes === 0) {
		return;
	}

	const {bytes, entries} = await measureHome(identity, {exclusions: []});
	const name = toScreen(identity.name);

	if (maxBytes > 0 && bytes > maxBytes) {
		throw tooLarge(`${name} holds ${formatBytes(bytes)}, and backups on demand are for accounts of at most ${formatBytes(maxBytes)} (onDemand.maxBytes).`);
	}

	if (maxInodes > 0 && entries > maxInodes) {
		throw tooLarge(`${name} holds ${formatCount(entries)} files and folders, and backups on demand are for accounts of at most ${formatCount(maxInodes)} (onDemand.maxInodes).`);
	}
};

const tooLarge = (message: string): UserError => new UserError(message, {code: 'refused', hint: 'Run a job for it with --job.'});
