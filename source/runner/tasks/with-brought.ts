import type {Backup} from '../../domain/backup.ts';
import {fromText, type RawPath} from '../../domain/raw-name.ts';
import type {BroughtItem} from '../../domain/rollback.ts';
import type {Engine} from '../../engine/engine.ts';
import {UserError} from '../../errors.ts';
import {extractItem} from '../../items/extract-item.ts';
import {findItem} from '../../items/items.ts';
import {withStaging} from '../../system/staging.ts';
import type {VaultSource} from '../vault-location.ts';
import {readExtractRequest} from './restore-gathered.ts';

export type BroughtOptions = {
	readonly accountUuid: string;
	readonly from: VaultSource;
	readonly engine: Engine;
	readonly signal: AbortSignal;
};

/** Works with a folder that holds what a restore brought of an item; `undefined` where that is not needed to undo it, or cannot be told any more. */
export const withBrought = async <Result>({name, parts, backup}: BroughtItem, {accountUuid, from, engine, signal}: BroughtOptions, work: (folder: RawPath | undefined) => Promise<Result>): Promise<Result> => {
	const {store} = from;
	const source = name !== 'homedir' && findItem(name).keepsLiveOnly === true ? await findBackup(from, accountUuid, backup) : undefined;
	const stored = source?.items.find(item => item.name === name)?.parts ?? [];
	const held = parts.filter(part => stored.some(each => each.name === part && (each.status === 'complete' || each.status === 'partial')));

	if (source === undefined || held.length === 0) {
		return work(undefined);
	}

	return withStaging(store.directory, async folder => {
		const {status} = await extractItem({name, parts: held, backup: null}, {
			engine, backup: source, request: {...await readExtractRequest(from, source), isVaultLeftAlone: true}, target: folder, signal,
		});

		if (status !== 'complete') {
			throw new UserError(`What the restore brought of ${name} cannot be read any more in backup ${backup}, so that it cannot be told from what came since; what is live was not touched.`, {code: 'damaged', hint: 'Restore an earlier backup instead; "holdfast backup list" shows them.'});
		}

		return work(fromText(folder));
	});
};

const findBackup = async ({store}: VaultSource, accountUuid: string, id: string): Promise<Backup | undefined> => {
	const {backups} = await store.read('backups', accountUuid);

	return backups.find(backup => backup.id === id);
};
