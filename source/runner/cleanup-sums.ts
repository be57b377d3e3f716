import type {CleanupResult} from '../engine/engine.ts';

/** What cleaning up several vaults came to. */
export const sumCleanups = (results: readonly CleanupResult[]): CleanupResult => ({
	droppedPacks: results.reduce((sum, {droppedPacks}) => sum + droppedPacks, 0),
	rewrittenPacks: results.reduce((sum, {rewrittenPacks}) => sum + rewrittenPacks, 0),
	freedBytes: results.reduce((sum, {freedBytes}) => sum + freedBytes, 0),
	findings: results.flatMap(({findings}) => findings),
	isDamageMet: results.some(({isDamageMet}) => isDamageMet),
});
