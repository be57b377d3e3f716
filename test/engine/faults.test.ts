/** What the system may answer at any call: an error, fewer bytes than asked for, nothing there. The engine says what is not right, and never that it is. */
import {Buffer} from 'node:buffer';
import {spawnSync} from 'node:child_process';
import {
	appendFileSync,
	closeSync,
	mkdirSync,
	openSync,
	readdirSync,
	rmSync,
	writeFileSync,
	writeSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import type {BackupTreeResult, RestoreTreeResult} from '../../source/engine/engine.ts';
import type {ChildRequest} from './engine-child.ts';
import {
	childLine,
	childResult,
	createFixture,
	differences,
	type EngineFixture,
	runChild,
} from './fixture.ts';

const isTorture = process.env.HOLDFAST_TORTURE !== undefined;
const whenTraced = spawnSync('strace', ['-V']).status === 0 ? test : test.skip;

type Fault = {
	readonly calls: string;
	/** As strace's `inject` takes it. */
	readonly fault: string;
	/** Only calls that name this path, or a descriptor of it. */
	readonly path?: string;
};

const runFaulty = (request: ChildRequest, {calls, fault, path: only}: Fault): {readonly status: number | null; readonly stdout: string; readonly stderr: string} => {
	const [command, ...values] = ['strace', '-f', '-qq', '-o', '/dev/null', ...(only === undefined ? [] : ['-P', only]), '-e', `trace=${calls}`, '-e', `inject=${calls}:${fault}`, ...childLine(request)] as const;

	return spawnSync(command, values, {encoding: 'utf8'});
};

const reads = 'read,pread64,readv,preadv';

const fill = ({home}: EngineFixture): void => {
	mkdirSync(path.join(home, 'sub'));
	writeFileSync(path.join(home, 'sub', 'small'), 'small\n');
	writeFileSync(path.join(home, 'sub', 'other'), 'other\n');
	writeFileSync(path.join(home, 'large'), Buffer.alloc(3_000_000, 'The quick brown fox. '));
};

for (const victim of ['sub/small', 'large']) {
	for (const [name, fault, pattern] of [
		['cannot be read', 'error=EIO', /EIO/v],
		['ends before its length', 'retval=0', /changed while it was read/v],
	] as const) {
		whenTraced(`${victim} ${name}: the backup is partial and names it`, async t => {
			const fixture = await createFixture(t);
			fill(fixture);
			const {status, stdout, stderr} = runFaulty({type: 'backup', request: fixture.backupRequest('faulty0000000001')}, {calls: reads, fault, path: path.join(fixture.home, victim)});
			t.is(status, 0, stderr);
			const {result} = childResult<BackupTreeResult>(stdout);

			t.is(result.status, 'partial');
			t.deepEqual(result.findings.map(({path: found}) => found), [victim]);
			t.regex(result.findings[0]!.message, pattern);
		});
	}
}

whenTraced('a file that vanishes between listing and opening is noted, and the rest is whole', async t => {
	const fixture = await createFixture(t);
	fill(fixture);
	const {stdout} = runFaulty({type: 'backup', request: fixture.backupRequest('faulty0000000001')}, {calls: 'openat,open', fault: 'error=ENOENT', path: 'other'});
	const {result} = childResult<BackupTreeResult>(stdout);

	t.is(result.status, 'complete');
	t.deepEqual(result.findings.map(({path: found, message}) => `${found}: ${message}`), ['sub/other: vanished before it was read']);
});

whenTraced('a stored block that cannot be read: the restore names what lies in it, and says nothing is well', async t => {
	const fixture = await createFixture(t);
	const {vault, folder, backup, restoreRequest} = fixture;
	fill(fixture);
	const {id} = await backup();
	const packs = readdirSync(path.join(vault.folder, 'packs'), {recursive: true, withFileTypes: true}).filter(entry => entry.isFile());

	for (const pack of packs) {
		const target = path.join(folder, `target-${pack.name}`);
		const {status, stdout, stderr} = runFaulty({type: 'restore', request: restoreRequest(id, target)}, {calls: reads, fault: 'error=EIO', path: path.join(pack.parentPath, pack.name)});

		if (status === 0) {
			const {result} = childResult<RestoreTreeResult>(stdout);
			t.not(result.status, 'complete', pack.name);
			t.true(result.problemCount > 0);
		} else {
			t.regex(stderr, /EIO|cannot be read/v);
		}
	}
});

/** Every call that makes something durable fails once, at its first, second, … use. */
const sweep = async (t: ExecutionContext, error: 'EIO' | 'ENOSPC'): Promise<void> => {
	const fixture = await createFixture(t);
	const {home, folder, vault, backup, backupRequest, engine, restoreRequest} = fixture;
	fill(fixture);
	const first = await backup();
	const target = path.join(folder, 'target');
	let [runs, failures] = [0, 0];

	const isRestored = async (backupId: string): Promise<boolean> => {
		rmSync(target, {recursive: true, force: true});
		await engine.restoreTree(restoreRequest(backupId, target));

		return differences(home, target) === '';
	};

	/** Tells whether the run met the fault. */
	const didFail = async (call: string, when: number): Promise<boolean> => {
		const label = `${error} at ${call} ${when}`;
		const number = String(++runs).padStart(10, '0');
		appendFileSync(path.join(home, 'sub', 'other'), `${label}\n`);
		writeFileSync(path.join(home, 'sub', 'new'), Buffer.alloc(900_000, label));
		const request = {type: 'backup', request: backupRequest(`faulty${number}`, {previousBackupId: first.id})} as const;
		const {status} = runFaulty(request, {calls: call, fault: `error=${error}:when=${when}`});

		if (status === 0) {
			t.true(await isRestored(`faulty${number}`), `${label}: said to be complete`);
			return false;
		}

		await t.throwsAsync(isRestored(`faulty${number}`), undefined, `${label}: failed, and is there`);
		const next = runChild({type: 'backup', request: {...request.request, backupId: `next${number}xx`}});
		t.is(next.status, 0, `${label}: ${next.stderr}`);
		t.deepEqual(readdirSync(path.join(vault.folder, 'unfinished')), [], label);
		t.true(await isRestored(`next${number}xx`), label);
		failures++;
		return true;
	};

	for (const call of ['writev', 'fdatasync', 'fsync', 'link', 'mkdir', 'rename', 'unlink']) {
		let when = 1;

		while (await didFail(call, when)) {
			when += isTorture ? 1 : 6;
		}
	}

	t.log({failures});
	t.true(failures >= 6);
};

whenTraced('a disk that fails at any call: no backup is said to be made that is not, and the next one needs no help', async t => {
	await sweep(t, 'EIO');
});

whenTraced('a disk that is full at any call', async t => {
	await sweep(t, 'ENOSPC');
});

// Alone: what else goes on in this process would stop the writing.
test.serial('a file that never stands still is stored as it was read last, and named', async t => {
	const {home, backup} = await createFixture(t);
	const file = path.join(home, 'busy');
	writeFileSync(file, Buffer.alloc(64_000_000, 'x'));
	const fd = openSync(file, 'r+');
	const writing = setInterval(() => {
		writeSync(fd, 'y', 0);
	}, 1);

	try {
		const {status, findings} = await backup();

		t.is(status, 'partial');
		t.deepEqual(findings, [{level: 'problem', path: 'busy', message: 'changed while it was read, three times; what was read last is stored'}]);
	} finally {
		clearInterval(writing);
		closeSync(fd);
	}
});
