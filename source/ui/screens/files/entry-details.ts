import type {Entry} from '../../../domain/entry.ts';
import {formatBytes, formatCount} from '../../../domain/units.ts';
import {factLine} from '../../components/fact-line.ts';
import {glyph} from '../../look/appearance.ts';
import {wrapWords} from '../../look/fit.ts';
import {showName} from '../../look/name.ts';
import {plain, strong, type Line} from '../../look/span.ts';
import {showNanoseconds} from '../../look/time.ts';
import {showMode} from './tree-columns.ts';
import {totalOf, type FilesState} from './tree-state.ts';

/** Everything known of a stored thing, for the second pane. */
export const entryDetails = (state: FilesState, entry: Entry, width: number): readonly Line[] => {
	const total = totalOf(state, entry);
	const isFolder = entry.type === 'directory';

	return [
		...wrapWords(entry.path === '' ? 'everything' : showName(entry.path), width).map((text): Line => [strong(text)]),
		[],
		...(entry.path === ''
			? []
			: [
				factLine('Type', [plain(typeNames[entry.type])]),
				factLine('Mode', [plain(`${showMode(entry)}  ${entry.mode.toString(8).padStart(4, '0')}`)]),
				factLine('Owner', [plain(`${entry.uid}:${entry.gid}`)]),
				factLine('Modified', [plain(showNanoseconds(entry.modifiedNs))]),
			]),
		...(entry.linkTarget === null ? [] : [factLine('Points to', [plain(showName(entry.linkTarget))])]),
		...(isFolder || entry.type === 'file' ? [factLine('Size', [plain(total === undefined ? `counting ${glyph('ellipsis')}` : formatBytes(total.bytes))])] : []),
		...(isFolder && total !== undefined ? [factLine('Files', [plain(formatCount(total.files))]), factLine('Folders', [plain(formatCount(total.folders - 1))])] : []),
	];
};

const typeNames: Readonly<Record<Entry['type'], string>> = {
	file: 'file',
	directory: 'folder',
	symlink: 'symbolic link',
	fifo: 'named pipe',
	characterDevice: 'character device',
	blockDevice: 'block device',
	socket: 'socket',
};
