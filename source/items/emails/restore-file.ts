import {Buffer} from 'node:buffer';
import {lstatSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {basename} from 'node:path/posix';
import type {RawPath} from '../../domain/raw-name.ts';
import {Directory, systemPath} from '../../system/directory.ts';
import type {RestoreContext} from '../item.ts';
import {readIn, replaceIn, type LiveFile} from '../live-file.ts';
import {mergeMbox, textOf, withMailLock} from './mbox.ts';
import type {PartRestore, StoredMailbox} from './part-restore.ts';

export const restoreFile = ({isMerge, isReplacing, account, brought}: RestoreContext, {mailbox, stored}: StoredMailbox): PartRestore => {
	const {path} = mailbox;
	const slash = path.lastIndexOf('/');
	const name = path.slice(slash + 1);
	const inFolder = async <Result>(work: (folder: Directory) => Promise<Result>): Promise<Result> => {
		const folder = Directory.openTrusted(path.slice(0, slash), false);

		try {
			return await work(folder);
		} finally {
			folder.close();
		}
	};

	const decide = async (live: LiveFile | undefined): Promise<Buffer> => {
		const content = await readFile(systemPath(stored));

		if (isReplacing || live === undefined || live.content.length === 0) {
			return content;
		}

		if (isMerge || live.content.equals(content)) {
			return live.content;
		}

		const added = brought === undefined ? undefined : await readFile(systemPath(`${brought}/${basename(stored)}`));
		const merged = mergeMbox(textOf(live.content), textOf(content), added && textOf(added));

		return Buffer.from(merged, 'latin1');
	};

	return {
		plan: async () => inFolder(async folder => {
			const live = readLive(folder, name);
			const wanted = await decide(live);

			if (live === undefined) {
				return {action: 'create', reason: 'missing', sizeBytes: wanted.length};
			}

			return live.content.equals(wanted)
				? {action: 'keep', reason: isMerge ? 'it holds mail' : 'the same', sizeBytes: wanted.length}
				: {action: 'overwrite', reason: `differs: ${live.content.length} bytes → ${wanted.length} bytes`, sizeBytes: wanted.length};
		}),
		putBack: async () => inFolder(async folder => withMailLock(folder, name, async () => {
			const live = readLive(folder, name);
			replaceIn(folder, name, {content: await decide(live), owner: live?.owner ?? {mode: lstatSync(systemPath(stored)).mode & 0o777, uid: account.uid, gid: Number(folder.stat().gid)}});

			return [];
		})),
		check: async () => inFolder(async folder => {
			const live = readLive(folder, name);

			// Mail may have come in since.
			if (live === undefined || (!isReplacing && !live.content.equals(await decide(live)))) {
				throw new Error('the mailbox is not what was written');
			}
		}),
	};
};

const readLive = (folder: Directory, name: RawPath): LiveFile | undefined => folder.tryLstat(name) === undefined ? undefined : readIn(folder, name);
