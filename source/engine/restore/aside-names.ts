import type {RawPath} from '../../domain/raw-name.ts';

/** Inside a home, while its account is terminated: what was live, and what was restored and is taken back. One restore an account at a time. */
export const asideName: RawPath = '.holdfast-aside';
export const undoneName: RawPath = '.holdfast-undone';

export const asideNames: ReadonlySet<RawPath> = new Set([asideName, undoneName]);
