/** The user's crontab: one part, one file. */
import {Buffer} from 'node:buffer';
import {readFile, writeFile} from 'node:fs/promises';
import {systemPath} from '../../system/directory.ts';
import type {Item, PartContext, RestoreContext} from '../item.ts';
import {openCrontabs} from './crontabs.ts';
import {mergeCrontabs} from './merge-crontabs.ts';

const fileName = 'crontab';

export const cron: Item = {
	name: 'cron',
	isOfFiles: false,

	async discover(context) {
		const crontabs = await openCrontabs(context);
		const live = await crontabs.read();

		return live === undefined ? [] : ['cron'];
	},

	async capture(context) {
		const crontabs = await openCrontabs(context);
		const live = await crontabs.read();

		if (live === undefined) {
			throw new Error('the crontab vanished while it was read');
		}

		await writeFile(pathOf(context), live, {mode: 0o600, flag: 'wx'});

		return [];
	},

	async plan(context) {
		const crontabs = await openCrontabs(context);
		const live = await crontabs.read();
		const wanted = await decideContent(context, live);

		if (live?.equals(wanted)) {
			return {action: 'keep', reason: 'the same', sizeBytes: wanted.length};
		}

		return live === undefined
			? {action: 'create', reason: 'missing', sizeBytes: wanted.length}
			: {action: 'overwrite', reason: context.isMerge ? 'lines are added' : `differs: ${live.length} bytes → ${wanted.length} bytes`, sizeBytes: wanted.length};
	},

	async putBack(context) {
		const crontabs = await openCrontabs(context);
		await crontabs.write(await decideContent(context, await crontabs.read()));

		return [];
	},

	async remove(context) {
		const crontabs = await openCrontabs(context);
		await crontabs.remove();
	},

	async check(context) {
		const crontabs = await openCrontabs(context);
		const live = await crontabs.read();

		// What was merged is complete when merging it again adds nothing.
		if (!live?.equals(await decideContent(context, live))) {
			throw new Error('the crontab is not what was written');
		}
	},
};

const pathOf = ({folder}: PartContext): string | Buffer => systemPath(`${folder}/${fileName}`);

const decideContent = async (context: RestoreContext, live: Buffer | undefined): Promise<Buffer> => {
	const stored = await readFile(pathOf(context));

	return live !== undefined && context.isMerge ? Buffer.from(mergeCrontabs(live.toString('latin1'), stored.toString('latin1')), 'latin1') : stored;
};
