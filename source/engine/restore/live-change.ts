import type {Change} from '../../domain/change.ts';
import type {StoredEntry} from '../catalog/catalog-page.ts';
import type {Decision, LiveFacts} from './restore-decision.ts';

/** What a restore's decision about an entry says of how the live side differs from it; `undefined`: not at all. */
export const liveChange = (entry: StoredEntry, decision: Decision, live: LiveFacts | undefined): Change | undefined => {
	const {path, type, sizeBytes: previousSizeBytes} = entry;

	switch (decision.action) {
		case 'create': {
			return {
				path, change: 'removed', type, sizeBytes: null, previousSizeBytes,
			};
		}

		case 'keep': {
			return undefined;
		}

		case 'refuse':
		case 'overwrite': {
			const sizeBytes = live ? Number(live.stats.size) : null;
			const isModified = live?.isContentEqual !== true;

			return isModified || !isOnlyTime(entry, live)
				? {
					path, change: isModified ? 'modified' : 'metadata', type, sizeBytes: type === 'directory' && sizeBytes !== null ? previousSizeBytes : sizeBytes, previousSizeBytes,
				}
				: undefined;
		}
	}
};

/** The time of a folder only tells that something in it came or went, which is told by itself. */
const isOnlyTime = ({type, mode, uid, gid}: StoredEntry, {stats}: LiveFacts): boolean =>
	type === 'directory' && Number(stats.mode & 0o7777n) === mode && Number(stats.uid) === uid && Number(stats.gid) === gid;
