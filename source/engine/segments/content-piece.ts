import type {SegmentLocation} from './index-file.ts';

/** Where a stretch of a stored file's content comes from. */
export type ContentPiece =
	| {readonly type: 'hole'; readonly length: number}
	| {readonly type: 'segment'; readonly location: SegmentLocation; readonly digest: Uint8Array}
	/** A stretch of what the backup's archive holds. */
	| {readonly type: 'archived'; readonly offset: number; readonly length: number}
	/** The index does not know it. */
	| {readonly type: 'missing'; readonly digest: Uint8Array};
