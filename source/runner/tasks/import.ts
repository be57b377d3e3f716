import {readdir} from 'node:fs/promises';
import {join} from 'node:path';
import type {Identity} from '../../domain/account.ts';
import {decideItemStatus, type Finding, type PartResult} from '../../domain/item.ts';
import {fromText, toScreen, type RawPath} from '../../domain/raw-name.ts';
import {compareText} from '../../domain/queue.ts';
import {decideTaskState} from '../../domain/task-state.ts';
import type {
	BackupTreeRequest,
	BackupTreeResult,
	GatheredItem,
	HomeGaps,
} from '../../engine/engine.ts';
import {UserError} from '../../errors.ts';
import {adaptConfig} from '../../items/config/adapt-config.ts';
import {findItem} from '../../items/items.ts';
import {partFolder} from '../../items/part-folder.ts';
import {sizeOfFolder} from '../../items/size-of-folder.ts';
import {readSetting} from '../../state/read-setting.ts';
import {refreshAccounts} from '../../state/refresh-accounts.ts';
import {systemPath} from '../../system/directory.ts';
import {withStaging} from '../../system/staging.ts';
import {
	readFactsOfPackage,
	type PackageFacts,
	type PackageHome,
	type PackageItem,
} from '../package-facts.ts';
import {recordOfMade} from '../backup-record.ts';
import {emptyOutcome, type TaskOutcome} from '../task-outcome.ts';
import {readWritableVault} from '../vault-location.ts';
import {checkSpace} from './check-space.ts';
import type {TaskOf, TaskTools} from './task-tools.ts';

type ImportTask = TaskOf<'backup'>;
type Importing = {readonly task: ImportTask; readonly tools: TaskTools; readonly account: Identity; readonly facts: PackageFacts; readonly staging: RawPath};

/** Makes a backup of a package: unpacked into a private folder, adapted to the account, and stored as any other. */
export const runImport = async (task: ImportTask, tools: TaskTools): Promise<TaskOutcome> => withStaging(tools.store.directory, async folder => {
	const {file} = task.request.package!;
	const account = await findAccount(task, tools);
	const facts = readFactsOfPackage(file);
	const staging = fromText(folder);
	const unpacked = await tools.engine().unpackPackage({
		file,
		target: staging,
		from: facts.uid === null || facts.gid === null ? null : {uid: facts.uid, gid: facts.gid},
		account: {uid: account.uid, gid: account.gid},
		threads: await readSetting(tools.store, 'engine.threads'),
	}, tools);
	const importing: Importing = {
		task, tools, account, facts, staging,
	};
	const {request, made} = await store(importing, unpacked.findings.filter(({level}) => level === 'problem'));
	const state = decideTaskState(made.items);

	return {
		...emptyOutcome,
		state,
		items: made.items,
		made: recordOfMade(request, made),
		findings: [...made.findings, ...unpacked.findings.filter(finding => !made.findings.includes(finding))].slice(0, 1000),
		error: state === 'completed' ? null : {code: 'partial', message: 'The package does not hold everything of the account, or not all of it could be taken.', hint: `Each is named with "holdfast queue show ${task.id}".`},
	};
});

const findAccount = async ({accountUuid, account}: ImportTask, {store: state, clock}: TaskTools): Promise<Identity> => {
	const {identities} = await refreshAccounts(state, {clock});
	const identity = identities.find(({uuid}) => uuid === accountUuid);

	if (identity === undefined) {
		throw new UserError(`The account ${toScreen(account ?? '')} is not known any more.`, {code: 'notFound', hint: 'Import the package again with "holdfast backup import".'});
	}

	return identity;
};

const store = async (importing: Importing, problems: readonly Finding[]): Promise<{readonly request: BackupTreeRequest; readonly made: BackupTreeResult}> => {
	const {task, tools, account, facts, staging} = importing;
	const home = facts.items.find(item => item.name === 'homedir');
	const vault = await readWritableVault(tools, {destination: task.request.package!.destination});
	await checkSpace(vault, tools.store);
	await checkFolders(importing);
	await adaptConfig(`${staging}/config/${partFolder('config')}`, account);
	const request: BackupTreeRequest = {
		vault,
		accountUuid: account.uuid,
		backupId: task.backup!,
		previousBackupId: null,
		cacheFolder: join(tools.store.directory, 'cache'),
		root: `${staging}/homedir`,
		uid: account.uid,
		excludes: home?.excludes ?? [],
		isCacheKept: true,
		...home && {homeGaps: gapsOf(home, problems)},
		isHomeTaken: home !== undefined,
		items: await gather(importing, problems),
		threads: await readSetting(tools.store, 'engine.threads'),
		manifest: {
			account: account.name, machine: facts.machine, createdAt: createdAtOf(importing), kind: 'imported', job: null, schedules: [], home: account.home,
		},
	};

	return {request, made: await tools.engine().backupTree(request, tools)};
};

/** When what is in it was backed up; never in the future. */
const createdAtOf = ({task, facts}: Importing): string => [facts.backup.createdAt, task.startedAt!].toSorted(compareText)[0]!;

/** What a package says is in it has to be, and nothing else. */
const checkFolders = async ({facts, staging}: Importing): Promise<void> => {
	const expected = facts.items.map(item => item.name);
	const found = await namesIn(staging);
	const names = found.filter(name => name !== 'holdfast.json');
	checkSame('The package', expected, names);

	for (const item of facts.items) {
		if (item.name !== 'homedir') {
			checkSame(`The package's ${item.name}`, item.parts.map(part => partFolder(part.name)), await namesIn(`${staging}/${item.name}`));
		}
	}
};

const namesIn = async (folder: RawPath): Promise<readonly RawPath[]> => readdir(systemPath(folder), {encoding: 'latin1'});

const checkSame = (what: string, expected: readonly RawPath[], found: readonly RawPath[]): void => {
	const different = expected.find(name => !found.includes(name)) ?? found.find(name => !expected.includes(name));

	if (different !== undefined || new Set(expected).size < expected.length) {
		throw new UserError(`${what} does not hold what it says${different === undefined ? '' : `: ${toScreen(different)}`}.`, {code: 'damaged', hint: 'Bring it here again, as "holdfast download save" wrote it.'});
	}
};

const gapsOf = ({status, isWhole, heldElsewhere, incompleteFolders, unread}: PackageHome, problems: readonly Finding[]): HomeGaps => ({
	problem: describeGap(status, isWhole) ?? problems.find(({path}) => path.startsWith('homedir/'))?.message ?? null,
	incompleteFolders: isWhole ? [...heldElsewhere, ...incompleteFolders, ...unread, ...problems.filter(({path}) => path.startsWith('homedir/')).map(({path}) => path.slice('homedir/'.length))] : [''],
});

const describeGap = (status: PackageHome['status'], isWhole: boolean): string | undefined => {
	if (!isWhole) {
		return 'the package holds chosen files of the home only';
	}

	return status === 'partial' ? 'the backup that was packed did not hold all of the home' : undefined;
};

const gather = async (importing: Importing, problems: readonly Finding[]): Promise<readonly GatheredItem[]> => {
	const gathered: GatheredItem[] = [];

	for (const item of importing.facts.items) {
		if (item.name !== 'homedir') {
			gathered.push(await gatherItem(item, importing, problems));
		}
	}

	return gathered;
};

const gatherItem = async ({name, parts: known}: PackageItem, {staging}: Importing, problems: readonly Finding[]): Promise<GatheredItem> => {
	const folder = `${staging}/${name}`;
	const parts: PartResult[] = [];

	for (const part of known) {
		const place = `${name}/${partFolder(part.name)}/`;
		const problem = problems.find(({path}) => path.startsWith(place))?.message ?? (part.status === 'partial' ? 'the backup that was packed did not hold all of it' : null);
		parts.push({
			name: part.name, ...part.kind !== null && {kind: part.kind}, status: problem === null ? 'complete' : 'partial', sizeBytes: await sizeOfFolder(`${folder}/${partFolder(part.name)}`), error: problem,
		});
	}

	return {
		name,
		status: decideItemStatus(parts),
		parts,
		error: parts.find(({error}) => error !== null)?.error ?? null,
		folder,
		places: [],
		isOfFiles: findItem(name).isOfFiles,
		findings: problems.filter(({path}) => path.startsWith(`${name}/`)),
	};
};
