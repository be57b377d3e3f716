import {byVault, type Backup, type VaultPlace} from '../../domain/backup.ts';
import type {Finding} from '../../domain/item.ts';
import {countOf, formatBytes} from '../../domain/units.ts';
import type {VaultLocation, VerifyRequest, VerifyResult} from '../../engine/engine.ts';
import type {BackupRef} from '../../engine/storage/archive-name.ts';
import {UserError} from '../../errors.ts';
import {readSetting} from '../../state/read-setting.ts';
import type {Store} from '../../state/store.ts';
import {emptyOutcome, type TaskOutcome} from '../task-outcome.ts';
import {readIntactBackups} from '../../state/read-backups.ts';
import {readVaultLocation, withCatalogCopies} from '../vault-location.ts';
import type {TaskOf, TaskTools} from './task-tools.ts';

type VerifyTask = TaskOf<'verify'>;
type Verified = VerifyResult & {
	readonly asked: number;
	/** Only its owner can tell whether the data is whole. */
	readonly isSealed: boolean;
};

/** Checks one backup or all, and remembers which are damaged and which are whole again. */
export const runVerify = async (task: VerifyTask, tools: TaskTools): Promise<TaskOutcome> => {
	const backups = await findBackups(task, tools.store);
	const results: Verified[] = [];

	for (const [place, stored] of byVault(backups)) {
		const result = await verifyVault(task, {place, stored}, tools);
		// What was read in part may find damage, and proves nothing whole again.
		await saveStatuses(task.request.share !== undefined || result.isSealed ? {...result, intact: []} : result, tools.store);
		results.push({...result, asked: stored.length});
	}

	return outcomeOf(task, results);
};

type Stored = {readonly place: VaultPlace; readonly stored: readonly Backup[]};

/** What only its owner opens is checked without its data, as far as this server remembers its catalogs, unless the owner's key was given. */
const verifyVault = async ({request}: VerifyTask, {place, stored}: Stored, tools: TaskTools): Promise<VerifyResult & Pick<Verified, 'isSealed'>> => {
	const vault = await readVaultLocation(tools, place);
	const isSealed = isSealedTo(vault);

	if (isSealed && request.isDataRead && request.backup !== null) {
		throw keyNeeded(request.backup);
	}

	const verifyRequest: VerifyRequest = {
		vault: isSealed ? withCatalogCopies(vault, tools.store) : vault,
		backups: stored.map(({accountUuid, id}) => ({accountUuid, backupId: id})),
		isDataRead: request.isDataRead && !isSealed,
		share: request.share,
		threads: await readSetting(tools.store, 'engine.threads'),
	};

	try {
		return {...await tools.engine().verify(verifyRequest, tools), isSealed};
	} catch (error) {
		if (!(isSealed && error instanceof UserError && error.code === 'key')) {
			throw error;
		}

		if (request.backup !== null) {
			throw keyNeeded(request.backup);
		}

		return {
			damaged: [], intact: [], bytesRead: 0, findings: [], problemCount: 0, isSealed,
		};
	}
};

const isSealedTo = ({account}: VaultLocation): boolean => account !== undefined && account.publicKey !== null && (account.dataKeys ?? []).length === 0;

const keyNeeded = (backup: string): UserError => new UserError(`What backup ${backup} holds is sealed to a key that its owner keeps.`, {code: 'key', hint: 'Give the owner\'s private key with "--private-key-file FILE".'});

const findBackups = async ({accountUuid, request}: VerifyTask, store: Store): Promise<readonly Backup[]> => {
	if (request.backup === null) {
		const {backups} = await readIntactBackups(store);

		return backups;
	}

	const {backups} = await store.read('backups', accountUuid!);
	const backup = backups.find(({id}) => id === request.backup);

	if (backup === undefined) {
		throw new UserError(`The backup ${request.backup} does not exist any more.`, {code: 'notFound', hint: 'See those that do with "holdfast backup list".'});
	}

	return [backup];
};

const saveStatuses = async ({damaged, intact}: VerifyResult, store: Store): Promise<void> => {
	const statuses = new Map<string, Backup['status']>([
		...damaged.map(({backupId}) => [backupId, 'damaged'] as const),
		...intact.map(({backupId, status}) => [backupId, status] as const),
	]);

	for (const [account] of Map.groupBy<string, BackupRef>([...damaged, ...intact], ({accountUuid}) => accountUuid)) {
		const {backups} = await store.read('backups', account);

		if (backups.some(({id, status}) => (statuses.get(id) ?? status) !== status)) {
			await store.update('backups', account, draft => {
				draft.backups = draft.backups.map(backup => ({...backup, status: statuses.get(backup.id) ?? backup.status}));
			});
		}
	}
};

const outcomeOf = ({id, request}: VerifyTask, results: readonly Verified[]): TaskOutcome => {
	const damaged = results.flatMap(result => result.damaged);
	const intact = results.flatMap(result => result.intact);
	const problemCount = results.reduce((sum, result) => sum + result.problemCount, 0);
	const findings = results.flatMap(result => result.findings);
	const sealed = results.filter(({isSealed}) => isSealed).reduce((sum, {asked}) => sum + asked, 0);
	const outcome = {...emptyOutcome, findings: [...findings, ...sealed > 0 ? [describeSealed(sealed)] : [], summary(results, request)]};

	if (problemCount === 0 && damaged.length === 0) {
		return {...outcome, state: 'completed', error: null};
	}

	return {
		...outcome,
		state: intact.length > 0 ? 'partial' : 'failed',
		error: {
			code: 'damaged',
			message: damaged.length === 0
				? 'Every backup can be restored, but something at the destination is damaged.'
				: `${countOf(damaged.length, 'backup')} ${damaged.length === 1 ? 'is' : 'are'} damaged: ${damaged.slice(0, 5).map(({backupId}) => backupId).join(', ')}${damaged.length > 5 ? ', …' : ''}.`,
			hint: `What is wrong is named with "holdfast queue show ${id}". What still exists is stored anew by the next backup; then verify again.`,
		},
	};
};

const describeSealed = (count: number): Finding => ({
	level: 'note', path: '', message: `the data of ${countOf(count, 'backup')} was not read: only the key that its owner keeps opens it`,
});

const summary = (results: readonly Verified[], request: VerifyTask['request']): Finding => ({level: 'note', path: '', message: summaryOf(results, request)});

const summaryOf = (results: readonly Verified[], {isDataRead, share}: VerifyTask['request']): string => {
	const read = formatBytes(results.reduce((sum, {bytesRead}) => sum + bytesRead, 0));

	if (share) {
		return `${read} were read and checked: share ${share.number + 1} of ${share.of} of what is stored`;
	}

	const intact = results.reduce((sum, result) => sum + result.intact.length, 0);
	const asked = results.reduce((sum, result) => sum + result.asked, 0);
	const extent = isDataRead ? `; ${read} were read and checked` : ', as far as can be told without reading the data';

	return `${intact} of ${countOf(asked, 'backup')} can be restored${extent}`;
};
