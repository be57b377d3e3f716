/** One part a lineage of certbot's: `live`, `archive` and `renewal`, laid out in the folder of the part as in certbot's own. */
import type {Finding} from '../../domain/item.ts';
import type {RawPath} from '../../domain/raw-name.ts';
import {Directory} from '../../system/directory.ts';
import type {Item, ItemContext, RestoreContext} from '../item.ts';
import {removeTree} from '../remove-tree.ts';
import {
	domainsIn,
	isSameLineage,
	type LineageFiles,
	problemOf,
	readLineage,
	sizeOf,
	writeLineage,
	writeRenewal,
} from './lineage-files.ts';
import {checkDomains, findFolder, findLineages} from './lineages.ts';
import {swapLineage} from './swap-lineage.ts';

export const certificates: Item = {
	name: 'certificates',
	isOfFiles: false,

	async discover(context) {
		const lineages = await findLineages(context);

		return lineages.filter(({claim}) => claim === 'own').map(({name}) => name);
	},

	async remark(context) {
		const lineages = await findLineages(context);

		return lineages.filter(({claim}) => claim === 'shared').map(({name}): Finding => ({level: 'note', path: '', message: `certificates:${name}: it is also for names that are not the account's, so it is not taken`}));
	},

	async capture(context) {
		const files = readLineage(await requireFolder(context), context.part);
		const problem = problemOf(files);

		if (files.live.size === 0) {
			throw new Error('the certificate vanished before it was read');
		}

		writeLineage(context.folder, files, {live: context.part, archive: context.part});
		writeRenewal(context.folder, files);

		return problem === undefined ? [] : [{level: context.isSaving === true ? 'note' : 'problem', path: '', message: `certificates:${context.part}: ${problem}`}];
	},

	async landsIn(context) {
		const root = await requireFolder(context);

		return `${root}/archive`;
	},

	async plan(context) {
		const {stored, live} = await openPart(context);
		const sizeBytes = sizeOf(stored);

		if (live.live.size === 0) {
			return {action: 'create', reason: 'missing', sizeBytes};
		}

		return context.isMerge || isSameLineage(stored, live) ? {action: 'keep', reason: context.isMerge ? 'it exists' : 'the same', sizeBytes} : {action: 'overwrite', reason: 'differs', sizeBytes};
	},

	async putBack(context) {
		const {root, stored, live} = await openPart(context);
		const problem = problemOf(stored);

		if (problem !== undefined) {
			throw new Error(`it is not put back: ${problem}`);
		}

		swapLineage(root, stored, live);

		return [];
	},

	async check(context) {
		const {stored, live} = await openPart(context);

		if (context.isMerge ? live.live.size === 0 : !isSameLineage(stored, live)) {
			throw new Error('the certificate is not what was written');
		}
	},

	async remove(context) {
		const root = await requireFolder(context);
		await checkDomains(context, domainsIn(readLineage(root, context.part)));
		writeRenewal(root, {name: context.part, renewal: null});

		for (const kind of ['live', 'archive']) {
			const folder = Directory.openTrusted(`${root}/${kind}`, false);

			try {
				removeTree(folder, context.part);
			} finally {
				folder.close();
			}
		}
	},
};

const requireFolder = async (context: ItemContext): Promise<RawPath> => {
	const folder = await findFolder(context);

	if (folder === undefined) {
		throw new Error('there is no /etc/letsencrypt, and the setting items.certificates names no other folder: install certbot');
	}

	return folder;
};

type OpenedPart = {readonly root: RawPath; readonly stored: LineageFiles; readonly live: LineageFiles};

/** Neither the stored nor the live lineage may be for names of others. */
const openPart = async (context: RestoreContext): Promise<OpenedPart> => {
	const root = await requireFolder(context);
	const stored = readLineage(context.folder, context.part);
	const live = readLineage(root, context.part);
	const lineages = await findLineages(context);

	const owned = new Set(lineages.filter(({claim}) => claim === 'own').map(({name}) => name));

	await checkDomains(context, domainsIn(stored));

	if (live.live.size > 0 && !owned.has(context.part)) {
		throw new Error('the certificate of this name is for names that are not the account\'s');
	}

	return {root, stored, live};
};
