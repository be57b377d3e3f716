/** One part a zone: its file. */
import {Buffer} from 'node:buffer';
import {readFile, writeFile} from 'node:fs/promises';
import type {Finding} from '../../domain/item.ts';
import {systemPath} from '../../system/directory.ts';
import type {
	Item,
	ItemContext,
	PartContext,
	RestoreContext,
} from '../item.ts';
import {
	isThere,
	type LiveFile,
	ownerBeside,
	readLiveFile,
	removeLiveFile,
	writeLiveFile,
} from '../live-file.ts';
import {
	type AccountZone,
	checkZone,
	findZones,
	reloadZone,
} from './bind.ts';
import {
	findSerial,
	isSameZone,
	liveSerial,
	nextSerial,
	withSerial,
} from './serial.ts';

const fileName = 'zone';

export const zones: Item = {
	name: 'zones',
	isOfFiles: false,
	bareName: part => part.split('@', 1)[0]!,

	async discover(context) {
		const found = await findStatic(context);

		return found.map(({part}) => part);
	},

	async remark(context) {
		const found = await findZones(context);

		return found.flatMap((zone): readonly Finding[] => {
			if (!isStatic(zone)) {
				return [{level: 'note', path: '', message: `zones:${zone.part}: it is dynamic, so BIND's own file of it is not taken`}];
			}

			return isThere(zone.file) ? [] : [{level: 'problem', path: '', message: `zones:${zone.part}: its file ${zone.file} does not exist`}];
		});
	},

	async capture(context) {
		const {file, name} = await findPart(context);
		const live = readLiveFile(file);

		if (live === undefined) {
			throw new Error(`its file ${file} does not exist`);
		}

		await writeFile(pathOf(context), live.content, {mode: 0o600, flag: 'wx'});

		return includesIn(live.content.toString('latin1')).map((line): Finding => ({level: 'problem', path: '', message: `zones:${name}: what it includes is not taken: ${line}`}));
	},

	async landsIn(context) {
		const {file} = await findPart(context);

		return file;
	},

	async plan(context) {
		const {stored, live, zone} = await openPart(context);
		const sizeBytes = stored.length;

		if (live === undefined) {
			return {action: 'create', reason: 'missing', sizeBytes};
		}

		return context.isMerge || isSameZone(textOf(live), stored) ? {action: 'keep', reason: context.isMerge ? 'it exists' : 'the same', sizeBytes} : {action: 'overwrite', reason: `differs: ${zone.file}, serial ${liveSerial(textOf(live)) ?? 'unreadable'} → ${serialOf(stored, live)}`, sizeBytes};
	},

	async putBack(context) {
		const {zone, stored, live} = await openPart(context);
		const [included] = includesIn(stored);

		if (included !== undefined) {
			throw new Error(`it includes another file, which is not put back unseen: ${included}`);
		}

		const serial = serialOf(stored, live);
		const content = Buffer.from(withSerial(stored, serial), 'latin1');
		const candidate = `${context.folder}/candidate`;
		await writeFile(systemPath(candidate), content, {mode: 0o600});
		await checkZone(zone.name, {file: candidate, serial, signal: context.signal});
		writeLiveFile(zone.file, content, live?.owner ?? ownerBeside(zone.file, 0o644));

		return reloadZone(context, zone);
	},

	async check(context) {
		const {live, stored} = await openPart(context);

		if (live === undefined || (!context.isMerge && !isSameZone(textOf(live), stored))) {
			throw new Error('the zone is not what was written');
		}
	},

	async remove(context) {
		const {file} = await findPart(context);

		removeLiveFile(file);
	},

	async placeOf(context) {
		const {file} = await findPart(context);

		return file;
	},
};

/** A journal beside the file shows that it was updated, whatever the configuration says now. */
const isStatic = ({isDynamic, file}: AccountZone): boolean => !isDynamic && !isThere(`${file}.jnl`);

/** Those that have a file: what is lost comes back by a restore, and keeps nothing else from being backed up. */
const findStatic = async (context: ItemContext): Promise<readonly AccountZone[]> => {
	const found = await findZones(context);

	return found.filter(zone => isStatic(zone) && isThere(zone.file));
};

const findPart = async (context: ItemContext & {readonly part: string}): Promise<AccountZone> => {
	const found = await findZones(context);
	const zone = found.find(({part}) => part === context.part);

	if (zone === undefined) {
		throw new Error(`BIND has no zone ${context.part} of the account's: add it to named.conf, and the domain to the account, first`);
	}

	if (!isStatic(zone)) {
		throw new Error('it is dynamic: BIND writes its file itself');
	}

	return zone;
};

type OpenedPart = {readonly zone: AccountZone; readonly stored: string; readonly live: LiveFile | undefined};

const openPart = async (context: RestoreContext): Promise<OpenedPart> => {
	const zone = await findPart(context);

	return {zone, stored: await readFile(pathOf(context), 'latin1'), live: readLiveFile(zone.file)};
};

const pathOf = ({folder}: PartContext): string | Buffer => systemPath(`${folder}/${fileName}`);

const textOf = ({content}: LiveFile): string => content.toString('latin1');

const serialOf = (stored: string, live: LiveFile | undefined): number => nextSerial(findSerial(stored).value, live && liveSerial(textOf(live)));

const includesIn = (text: string): readonly string[] => text.split('\n').filter(line => /^\s*\$include\b/iv.test(line)).map(line => line.trim());
