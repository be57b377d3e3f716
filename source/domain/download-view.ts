import {isPartWithin, reachOfHome, type Limits} from './backup-view.ts';
import type {Download, DownloadItem} from './download.ts';
import {createSelector} from './selection.ts';
import {limitSelection} from './tree-reach.ts';

/** How much of a download somebody may have: only all of it can be saved, and of what is not within at all nobody hears. */
export type Share = 'all' | 'some' | 'none';

export const shareOf = (limits: Limits, download: Download): Share => {
	if (limits === undefined) {
		return 'all';
	}

	const shares = download.items.flatMap(item => sharesOf(limits, download, item));

	if (shares.every(share => share === 'all')) {
		return 'all';
	}

	return shares.every(share => share === 'none') ? 'none' : 'some';
};

const sharesOf = (limits: Limits, download: Download, {name, parts}: DownloadItem): readonly Share[] => {
	// Users have no part in it, whatever the rights.
	if (name === 'config') {
		return ['none'];
	}

	if (name !== 'homedir') {
		return parts.map(part => isPartWithin(limits, download, {item: name, part}) ? 'all' : 'none');
	}

	const {within, withheld} = limitSelection(download.selection, reachOfHome(limits, download));

	return createSelector(withheld).roots.length === 0 ? ['all'] : [createSelector(within).roots.length === 0 ? 'none' : 'some'];
};

/** As it is shown: the numbers are `null` unless all of it is within. */
export type DownloadView = Omit<Download, 'sizeBytes' | 'sha256' | 'path'> & {readonly sizeBytes: number | null; readonly sha256: string | null; readonly path: string | null};

/** `undefined`: there is no such thing. */
export const viewDownload = (limits: Limits, download: Download): DownloadView | undefined => {
	switch (shareOf(limits, download)) {
		case 'all': {
			return download;
		}

		case 'some': {
			return {
				...download,
				sizeBytes: null,
				sha256: null,
				path: null,
				// Another's words may tell what is not within.
				notes: '',
				items: download.items.flatMap(item => {
					const parts = item.parts.filter(part => item.name !== 'homedir' && item.name !== 'config' && isPartWithin(limits, download, {item: item.name, part}));

					return parts.length > 0 || (item.name === 'homedir' && sharesOf(limits, download, item)[0] !== 'none') ? [{...item, parts}] : [];
				}),
			};
		}

		case 'none': {
			return undefined;
		}
	}
};
