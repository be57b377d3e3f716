import type {AbortFlag} from './base/abort-flag.ts';
import type {TreeProgress} from './engine.ts';
import type {PackPool} from './pack-pool.ts';

/** What every run of the engine is given beside its request. */
export type RunOptions = {
	readonly pool: PackPool;
	readonly abortFlag: AbortFlag;
	readonly onProgress: (progress: TreeProgress) => void;
};
