/** Entry of a pack thread: reads, hashes, compresses and seals for backups; opens, checks and writes for restores. */
import {Buffer} from 'node:buffer';
import {
	type MessagePort,
	parentPort,
	receiveMessageOnPort,
	workerData,
} from 'node:worker_threads';
import {detachThread, leaveFolders} from '../system/directory.ts';
import {AbortFlag} from './base/abort-flag.ts';
import {BlockReader} from './segments/block-reader.ts';
import {unpackBeginnings} from './backup/beginnings.ts';
import {encodeOutcomes} from './backup/capture-codec.ts';
import type {CaptureOutcome} from './backup/capture-outcome.ts';
import {type CheckedPack, checkPack} from './care/check-pack.ts';
import {Chunker} from './backup/chunker.ts';
import {FileCapture} from './backup/file-capture.ts';
import {FileRestore} from './restore/file-restore.ts';
import {listForeignTrees} from './backup/listed-trees.ts';
import {LocalStorage} from './storage/local-storage.ts';
import {DataKeyRing} from './segments/pack.ts';
import type {PackAnswer, PackMessage} from './pack-pool.ts';
import type {
	ContentKeys,
	ListReply,
	ListRequest,
	PackReply,
	PackRequest,
} from './protocol.ts';
import {SegmentIndex} from './segments/segment-index.ts';
import {SegmentTable} from './segments/segment-table.ts';
import {SegmentWriter} from './segments/segment-writer.ts';
import {ArchiveBlocks} from './tar/archive-blocks.ts';
import {FilePacker} from './tar/file-packer.ts';
import {packOutcomes} from './tar/packed-outcomes.ts';
import {ThreadHash} from './tar/section-hash.ts';
import {openSlot} from './tar/slot.ts';
import {inWords} from './storage/storage-failure.ts';
import {toThreadError} from './base/thread-error.ts';
import {decodeJobs} from './restore/write-codec.ts';

type CaptureRun = {readonly storage: LocalStorage; readonly writer: SegmentWriter; readonly capture: FileCapture};
type WriteRun = {readonly storage: LocalStorage; readonly restore: FileRestore};

const captureRuns = new Map<number, CaptureRun>();
/** Their sections are hashed by one of the threads. */
type ArchivePart = {readonly packer: FilePacker; readonly hash: ThreadHash};

const archiveRuns = new Map<number, ArchivePart>();
const writeRuns = new Map<number, WriteRun>();

const answer = async (request: PackRequest): Promise<PackReply> => {
	switch (request.type) {
		case 'beginCapture': {
			captureRuns.set(request.run, beginCapture(request));
			return {type: 'begun'};
		}

		case 'capture': {
			return captureFiles(captureRuns.get(request.run)!.capture, request);
		}

		case 'finishCapture': {
			return {type: 'finishedCapture', packs: await captureRuns.get(request.run)!.writer.finish()};
		}

		case 'endCapture': {
			captureRuns.get(request.run)?.storage.close();
			captureRuns.delete(request.run);
			return {type: 'endedCapture'};
		}

		case 'abortCapture': {
			const captureRun = captureRuns.get(request.run);
			captureRuns.delete(request.run);
			const packIds = await captureRun?.writer.abort() ?? [];
			captureRun?.storage.close();
			return {type: 'abortedCapture', packIds};
		}

		case 'beginArchive': {
			archiveRuns.set(request.run, {
				packer: new FilePacker({...request, slots: request.slots.map((memory, number) => openSlot(memory, number)), onPause: answerLists}),
				hash: new ThreadHash(request.slots),
			});
			return {type: 'begun'};
		}

		case 'packBatch': {
			return packBatch(archiveRuns.get(request.run)!.packer, request);
		}

		case 'packRange': {
			return packRange(archiveRuns.get(request.run)!.packer, request);
		}

		case 'hashSection': {
			await archiveRuns.get(request.run)!.hash.take(request.section);
			return {type: 'hashedSection'};
		}

		case 'finishHash': {
			return {type: 'finishedHash', sha256: await archiveRuns.get(request.run)!.hash.digest()};
		}

		case 'endArchive': {
			archiveRuns.delete(request.run);
			return {type: 'endedArchive'};
		}

		case 'beginWrite': {
			writeRuns.set(request.run, beginWrite(request));
			return {type: 'begun'};
		}

		case 'write': {
			const {restore} = writeRuns.get(request.run)!;

			return {type: 'written', exceptions: decodeJobs(request.jobs).map(job => restore.write(job)).filter(exception => exception !== undefined)};
		}

		case 'checkPack': {
			return {type: 'checkedPack', result: checkOnePack(request)};
		}

		case 'finishWrite': {
			writeRuns.get(request.run)?.storage.close();
			writeRuns.delete(request.run);
			return {type: 'finishedWrite'};
		}
	}
};

const beginCapture = ({vaultFolder, rootKey, dataKey, table, abortFlag, device, uid}: PackRequest & {type: 'beginCapture'}): CaptureRun => {
	const storage = new LocalStorage(vaultFolder);
	const flag = new AbortFlag(abortFlag);
	const writer = new SegmentWriter({
		storage,
		rootKey,
		dataKey: {id: Buffer.from(dataKey.id), key: Buffer.from(dataKey.key), wrapped: Buffer.from(dataKey.wrapped)},
		index: SegmentIndex.openSmall({storage, rootKey}),
		table: new SegmentTable(table),
	});
	const capture = new FileCapture({
		writer, chunker: new Chunker(rootKey), device, uid, flag, onPause: answerLists,
	});

	return {storage, writer, capture};
};

const captureFiles = (capture: FileCapture, {folderFds, names, countedInodes, countedChanges, beginnings}: PackRequest & {type: 'capture'}): PackReply => {
	const known = unpackBeginnings(beginnings);
	let bytesRead = 0;
	const outcomes = names.split('/').map((name, index): CaptureOutcome => {
		answerLists();
		const outcome = capture.capture({
			folderFd: folderFds[index]!, name, counted: {inode: countedInodes[index]!, changedNs: countedChanges[index]!}, beginning: known[index],
		});
		bytesRead += outcome.type === 'stored' ? outcome.stats.sizeBytes : 0;
		return outcome;
	});

	return {type: 'captured', outcomes: encodeOutcomes(outcomes), bytesRead};
};

const packBatch = (packer: FilePacker, {paths, countedInodes, countedChanges, ...batch}: PackRequest & {type: 'packBatch'}): PackReply => {
	const list = paths === '' ? [] : paths.split('\0');
	const counted = list.map((_, index) => ({inode: countedInodes[index]!, changedNs: countedChanges[index]!}));
	const {outcomes, length} = packer.packBatch({...batch, paths: list, counted});

	return {type: 'packedBatch', outcomes: packOutcomes(outcomes, batch.linked), length};
};

const packRange = (packer: FilePacker, request: PackRequest & {type: 'packRange'}): PackReply => {
	try {
		return {type: 'packedRange', length: packer.packRange(request), failure: undefined};
	} catch (error) {
		const {code, message} = error as NodeJS.ErrnoException;

		if (code === undefined) {
			throw error;
		}

		return {type: 'packedRange', length: undefined, failure: {code, message}};
	}
};

const beginWrite = ({vaultFolder, archive, abortFlag, ...keys}: PackRequest & {type: 'beginWrite'}): WriteRun => {
	const storage = new LocalStorage(vaultFolder);
	const archives = archive?.folder === undefined ? storage : new LocalStorage(archive.folder);
	const keyRing = ringOf(keys);
	const flag = new AbortFlag(abortFlag);

	return {storage, restore: new FileRestore({blocks: new BlockReader(storage, keyRing, true), archive: archive && new ArchiveBlocks(archives, archive), flag})};
};

const checkOnePack = ({vaultFolder, check, abortFlag, ...keys}: PackRequest & {type: 'checkPack'}): CheckedPack => {
	const storage = new LocalStorage(vaultFolder);
	const flag = new AbortFlag(abortFlag);

	try {
		return checkPack(check, {
			storage,
			rootKey: keys.rootKey,
			keyRing: ringOf(keys),
			onBlock() {
				flag.check();
				answerLists();
			},
		});
	} finally {
		storage.close();
	}
};

const ringOf = ({dataKeys, ...keys}: ContentKeys): DataKeyRing => {
	const ring = new DataKeyRing(keys);
	ring.add(dataKeys.map(({id, wrapped}) => ({id: Buffer.from(id), wrapped: Buffer.from(wrapped)})));

	return ring;
};

const respond = async ({id, request}: PackMessage): Promise<void> => {
	try {
		parentPort!.postMessage({id, reply: await answer(request)} satisfies PackAnswer);
	} catch (error) {
		parentPort!.postMessage({id, error: toThreadError(inWords(error))} satisfies PackAnswer);
	} finally {
		leaveFolders();
	}
};

const lists = workerData as MessagePort;

const answerList = ({id, folderFds}: ListRequest): void => {
	try {
		lists.postMessage({id, listings: listForeignTrees(folderFds)} satisfies ListReply);
	} catch (error) {
		lists.postMessage({id, error: toThreadError(error)} satisfies ListReply);
	} finally {
		leaveFolders();
	}
};

/** Answers the listings that were asked for while this thread is at work. */
const answerLists = (): void => {
	for (let received = receiveMessageOnPort(lists); received !== undefined; received = receiveMessageOnPort(lists)) {
		answerList(received.message as ListRequest);
	}
};

detachThread();
lists.on('message', answerList);

parentPort!.on('message', (message: PackMessage) => {
	void respond(message);
});
