import type {Entry, EntryType} from '../../../domain/entry.ts';
import {tickStateOf, type SubtreeTotal, type TickState} from '../../../domain/selection-tree.ts';
import {countOf, formatBytes} from '../../../domain/units.ts';
import type {Column} from '../../components/table.ts';
import {glyph} from '../../look/appearance.ts';
import {showName} from '../../look/name.ts';
import {
	muted,
	plain,
	type Line,
	type Span,
} from '../../look/span.ts';
import {showNanoseconds} from '../../look/time.ts';
import {
	isSearching,
	totalOf,
	type FilesState,
} from './tree-state.ts';
import type {TreeRow} from './tree-rows.ts';

const tickMarks: Readonly<Record<TickState, Span>> = {
	all: {text: '[x] ', tone: 'accent', isStrong: true},
	some: {text: '[-] ', tone: 'warning', isStrong: true},
	none: {text: '[ ] '},
};

export const treeColumns = (state: FilesState): ReadonlyArray<Column<TreeRow>> => {
	const isSearch = isSearching(state);

	return [
		{title: isSearch ? 'FOUND' : 'NAME', width: {share: 1, least: 36}, cell: row => nameLine(state, row, isSearch)},
		{
			title: 'SIZE', width: 8, alignment: 'right', cell: ({entry}) => sizeSpan(entry, totalOf(state, entry)),
		},
		{
			title: 'MODIFIED', leaves: 3, width: 16, cell: ({entry}) => plain(entry.path === '' ? '' : showNanoseconds(entry.modifiedNs)),
		},
		{
			title: 'MODE', leaves: 2, width: 10, cell: ({entry}) => plain(entry.path === '' ? '' : showMode(entry)),
		},
		{
			title: 'OWNER', leaves: 1, width: 13, cell: ({entry}) => plain(entry.path === '' ? '' : `${entry.uid}:${entry.gid}`),
		},
	];
};

const nameLine = (state: FilesState, {entry, depth}: TreeRow, isSearch: boolean): Line => {
	const tick = tickMarks[tickStateOf(state.basket.tree, entry.path)];

	if (isSearch) {
		return [tick, {text: `${showName(entry.path)}${suffix(entry)}`}];
	}

	const name = entry.path === '' ? 'everything' : `${showName(entry.name)}${suffix(entry)}`;

	return [tick, plain('  '.repeat(depth)), plain(folderMark(state, entry)), plain(name)];
};

const folderMark = ({open}: FilesState, {type, path}: Entry): string => type === 'directory' ? `${glyph(open.has(path) ? 'open' : 'closed')} ` : '  ';

const suffix = ({type, linkTarget, path}: Entry): string => {
	if (type === 'symlink') {
		return ` ${glyph('arrow')} ${linkTarget === null ? '' : showName(linkTarget)}`;
	}

	return type === 'directory' && path !== '' ? '/' : typeWords[type];
};

const typeWords: Readonly<Record<EntryType, string>> = {
	file: '',
	directory: '',
	symlink: '',
	fifo: ' (pipe)',
	characterDevice: ' (device)',
	blockDevice: ' (device)',
	socket: ' (socket, not stored)',
};

const sizeSpan = ({type}: Entry, total: SubtreeTotal | undefined): Span => {
	if (total === undefined) {
		return muted(glyph('ellipsis'));
	}

	return type === 'file' || type === 'directory' ? plain(formatBytes(total.bytes)) : muted(glyph('none'));
};

const typeLetters: Readonly<Record<EntryType, string>> = {
	file: '-', directory: 'd', symlink: 'l', fifo: 'p', characterDevice: 'c', blockDevice: 'b', socket: 's',
};

/** As `ls -l` writes it. */
export const showMode = ({type, mode}: Entry): string => {
	const bits = [8, 7, 6, 5, 4, 3, 2, 1, 0].map((bit, index) => (mode & (1 << bit)) === 0 ? '-' : 'rwx'[index % 3]!);
	const special: ReadonlyArray<readonly [number, number, string]> = [[0o4000, 2, 's'], [0o2000, 5, 's'], [0o1000, 8, 't']];

	for (const [flag, index, letter] of special) {
		if ((mode & flag) !== 0) {
			bits[index] = bits[index] === 'x' ? letter : letter.toUpperCase();
		}
	}

	return typeLetters[type] + bits.join('');
};

/** `214 files · 3 folders · 1.2 GB`. */
export const basketWords = (total: SubtreeTotal | undefined): string => {
	if (total === undefined) {
		return `counting ${glyph('ellipsis')}`;
	}

	const folders = total.folders === 0 ? [] : [countOf(total.folders, 'folder')];

	return [countOf(total.files, 'file'), ...folders, formatBytes(total.bytes)].join(` ${glyph('dot')} `);
};
