/** A vault and an engine in a temporary folder, for tests of the engine alone. */
import {Buffer} from 'node:buffer';
import {execFileSync, spawnSync, type SpawnSyncReturns} from 'node:child_process';
import {mkdirSync, mkdtempSync, realpathSync} from 'node:fs';
import {rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import type {ExecutionContext} from 'ava';
import {everything, type Selection} from '../../source/domain/restore.ts';
import type {
	BackupTreeRequest,
	BackupTreeResult,
	Engine,
	RestoreTreeRequest,
	VaultLocation,
} from '../../source/engine/engine.ts';
import {startEngine} from '../../source/engine/start-engine.ts';
import {createVault} from '../../source/engine/vault/create-vault.ts';
import type {ChildRequest, ChildResult} from './engine-child.ts';

export type EngineFixture = {
	readonly folder: string;
	readonly home: string;
	readonly vault: VaultLocation;
	readonly engine: Engine;
	/** A backup of `home` (or another root). */
	backupRequest(backupId: string, changes?: Partial<BackupTreeRequest>): BackupTreeRequest;
	/** Makes one; each new id follows the last. */
	backup(changes?: Partial<BackupTreeRequest>): Promise<BackupTreeResult & {id: string}>;
	restoreRequest(backupId: string, target: string, selection?: Selection): RestoreTreeRequest;
};

export const isRoot = process.geteuid?.() === 0;

export const createFixture = async (t: ExecutionContext): Promise<EngineFixture> => {
	const made = mkdtempSync(path.join(tmpdir(), 'holdfast-engine-'));
	const folder = realpathSync(made);
	const home = path.join(folder, 'home');
	const vault: VaultLocation = {folder: path.join(folder, 'vault'), id: 'vault-1', masterKey: Buffer.alloc(32, 7)};
	const engine = startEngine();
	let last: string | null = null;
	let count = 0;
	mkdirSync(home);
	await createVault(vault.folder, {
		id: vault.id, masterKey: vault.masterKey, recoveryKey: Buffer.alloc(32, 9), createdAt: '2026-01-01T00:00:00.000Z',
	});
	t.teardown(async () => {
		await engine.close();
		// A path deeper than PATH_MAX is beyond Node's own removal.
		execFileSync('rm', ['-rf', folder]);
		await rm(folder, {recursive: true, force: true});
	});

	const backupRequest = (backupId: string, changes: Partial<BackupTreeRequest> = {}): BackupTreeRequest => ({
		vault,
		accountUuid: 'account-1',
		backupId,
		previousBackupId: last,
		cacheFolder: path.join(folder, 'cache'),
		root: home,
		uid: process.getuid!(),
		excludes: [],
		threads: 2,
		manifest: {
			account: 'alice', machine: 'web1', createdAt: '2026-01-01T00:00:00.000Z', kind: 'manual', job: null, schedules: [],
		},
		...changes,
	});

	return {
		folder,
		home,
		vault,
		engine,
		backupRequest,
		async backup(changes) {
			count++;
			const id = `backup${String(count).padStart(10, '0')}`;
			const result = await engine.backupTree(backupRequest(id, changes));
			last = id;

			return {...result, id};
		},
		restoreRequest: (backupId, target, selection = everything) => ({
			vault,
			accountUuid: 'account-1',
			backupId,
			selection,
			target,
			isOriginal: target === home,
			account: {uid: process.getuid!(), gid: process.getgid!()},
			isMerge: false,
			cacheFolder: path.join(folder, 'cache'),
			threads: 2,
		}),
	};
};

const child = fileURLToPath(new URL('engine-child.js', import.meta.url));

/** The command line of a process that carries out one request. */
export const childLine = (request: ChildRequest): [string, ...string[]] => [process.execPath, child, JSON.stringify(request)];

export const runChild = (request: ChildRequest): SpawnSyncReturns<string> => {
	const [command, ...values] = childLine(request);

	return spawnSync(command, values, {encoding: 'utf8'});
};

/** What such a process printed. */
export const childResult = <Result>(output: string): ChildResult<Result> => JSON.parse(output) as ChildResult<Result>;

/** What differs between two trees in content, times to the nanosecond, owners, modes, hard links, ACLs and extended attributes; empty when nothing does. */
export const differences = (left: string, right: string): string =>
	execFileSync('rsync', ['-aHAXnc', '-@-1', '--delete', '--itemize-changes', `${left}/`, `${right}/`], {encoding: 'utf8'});
