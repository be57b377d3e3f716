import {toScreen, type RawPath} from '../../domain/raw-name.ts';
import type {Directory} from '../../system/directory.ts';
import {native} from '../../system/native.ts';
import type {StoredEntry} from '../catalog/catalog-page.ts';
import {type Metadata, newTemporaryName} from './file-restore.ts';
import {nodeTypes} from './restore-target.ts';

/** A symbolic link, FIFO, device or socket to make. */
export type SpecialFile = {
	readonly entry: StoredEntry;
	readonly folder: Directory;
	readonly metadata: Metadata;
	/** Made beside and renamed. */
	readonly isReplacing: boolean;
};

/**
Makes it, or nothing of it.
@returns what of its metadata could not be kept
*/
export const makeSpecialFile = ({entry, folder, metadata, isReplacing}: SpecialFile): string[] => {
	const name = isReplacing ? newTemporaryName() : entry.name;

	if (entry.type === 'symlink') {
		folder.makeLink(entry.linkTarget!, name);
	} else if (native) {
		native.makeNode(folder.rawAt(name), nodeTypes[entry.type]! | 0o600, entry.device);
	} else {
		throw new Error(`a ${entry.type} cannot be made without the koffi module`);
	}

	try {
		const notKept = setMetadata(entry, {folder, name, metadata});

		if (isReplacing) {
			folder.rename(name, entry.name);
		}

		return notKept;
	} catch (error) {
		folder.remove(name);
		throw error;
	}
};

/** Without a descriptor: a device must not be opened, and a symbolic link cannot be. */
const setMetadata = (entry: StoredEntry, {folder, name, metadata}: {readonly folder: Directory; readonly name: RawPath; readonly metadata: Metadata}): string[] => {
	if (metadata.owner) {
		folder.changeOwner(name, metadata.owner.uid, metadata.owner.gid);
	}

	if (entry.type !== 'symlink') {
		folder.changeMode(name, metadata.mode);
	}

	if (!native) {
		return ['its time (needs the koffi module)'];
	}

	const notKept: string[] = [];

	for (const attribute of metadata.attributes) {
		try {
			native.setAttribute(folder.rawAt(name), attribute.name, attribute.value);
		} catch (error) {
			notKept.push(`extended attribute ${toScreen(attribute.name)} (${(error as Error).message})`);
		}
	}

	native.setTimes(folder.rawAt(name), metadata.modifiedNs);
	return notKept;
};
