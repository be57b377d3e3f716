/** Memory is flat: it grows neither with the files of an account nor with the segments of a repository. */
import {Buffer} from 'node:buffer';
import {execFileSync} from 'node:child_process';
import {
	closeSync,
	mkdirSync,
	openSync,
	rmSync,
	writeSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import test from 'ava';
import {digestLength} from '../../source/engine/base/digest.ts';
import {recordLength} from '../../source/engine/segments/index-file.ts';
import {writeIndexFile} from '../../source/engine/segments/write-index-file.ts';
import type {BackupTreeResult, RestoreTreeResult} from '../../source/engine/engine.ts';
import {Random} from '../benchmarks/random.ts';
import {childResult, createFixture, runChild} from './fixture.ts';
import {dataKey, openStorage, rootKey} from './index-fixture.ts';
import type {IndexCost} from './index-child.ts';

const isTorture = process.env.HOLDFAST_TORTURE !== undefined;

const makeFiles = (home: string, from: number, to: number): void => {
	for (let index = from; index < to; index++) {
		const folder = path.join(home, `folder-${Math.floor(index / 500)}`);

		if (index % 500 === 0) {
			mkdirSync(folder);
		}

		const fd = openSync(path.join(folder, `file-${index}`), 'wx');
		writeSync(fd, `content of ${index}`);
		closeSync(fd);
	}
};

test.serial('the peak does not grow with the number of files', async t => {
	const {home, folder, backupRequest, restoreRequest} = await createFixture(t);
	const [few, many] = isTorture ? [20_000, 1_000_000] : [5000, 20_000];
	const target = path.join(folder, 'target');

	const run = (count: number) => {
		const request = backupRequest(`scale${String(count).padStart(11, '0')}`);
		const backup = runChild({type: 'backup', request});
		t.is(backup.status, 0, backup.stderr);
		rmSync(target, {recursive: true, force: true});
		const restore = runChild({type: 'restore', request: restoreRequest(request.backupId, target)});
		t.is(restore.status, 0, restore.stderr);
		const [made, restored] = [childResult<BackupTreeResult>(backup.stdout), childResult<RestoreTreeResult>(restore.stdout)];
		t.is(made.result.fileCount, count);
		t.is(restored.result.status, 'complete');

		return {backupMiB: made.peakMiB, restoreMiB: restored.peakMiB};
	};

	makeFiles(home, 0, few);
	const small = run(few);
	makeFiles(home, few, many);
	const large = run(many);
	t.log({[few]: small, [many]: large});
	t.true(large.backupMiB < (isTorture ? 400 : small.backupMiB + 64));
	t.true(large.restoreMiB < (isTorture ? 400 : small.restoreMiB + 64));
});

/**
Records as a repository of so many segments holds them.
@yields one after another, in order
*/
function * recordsOf(count: number): Generator<Buffer> {
	const random = new Random(1);
	const record = Buffer.concat([random.bytes(digestLength), Buffer.alloc(recordLength - digestLength)]);
	const step = Math.floor((2 ** 48) / count);

	for (let number = 0; number < count; number++) {
		record.writeUIntBE(number * step, 0, 6);
		yield record;
	}
}

test.serial('an index costs little memory, whatever it holds', async t => {
	const {folder, storage} = await openStorage(t);
	const recordCount = isTorture ? 100_000_000 : 1_000_000;
	await writeIndexFile(storage, rootKey, {
		packs: [{id: '0'.repeat(32), size: 1_000_000}], dataKeys: [dataKey], replaces: [], recordCount, records: recordsOf(recordCount),
	});
	const child = fileURLToPath(new URL('index-child.js', import.meta.url));
	const cost = JSON.parse(execFileSync(process.execPath, [child, folder], {encoding: 'utf8'})) as IndexCost;

	t.log(cost);
	t.is(cost.recordCount, recordCount);
	t.true(cost.addedMiB <= 64);
	t.true(!isTorture || cost.openMs <= 150);
});
