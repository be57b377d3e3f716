/** What a backup could not hold: that it is not in there proves nothing, and nothing of it may be deleted. */
import {compileExcludes} from '../../domain/glob.ts';
import type {RawPath} from '../../domain/raw-name.ts';
import {isWithin} from '../catalog/catalog-order.ts';
import {maxFindings} from '../base/findings.ts';
import type {Manifest} from '../catalog/manifest.ts';

/** Why something may be missing in a backup though it was there, as the end of a sentence; `undefined`: it was not there. */
export type Unheld = (path: RawPath) => string | undefined;

export const unheldOf = ({excludes, items}: Pick<Manifest, 'excludes' | 'items'>, foreignPaths: readonly RawPath[]): Unheld => {
	const home = items.find(({name}) => name === 'homedir');
	const findings = home?.findings ?? [];
	const incomplete = new Set([...home?.parts[0]?.incompleteFolders ?? [''], ...findings.map(({path}) => path).filter(path => path !== '')]);
	const isUnknown = incomplete.has('') || findings.filter(({level}) => level === 'problem').length >= maxFindings;
	const isExcluded = compileExcludes(excludes);

	return path => {
		if (isUnknown) {
			return 'too much could not be read when it was backed up';
		}

		if (isExcluded(path)) {
			return 'the backup left it out';
		}

		if (foreignPaths.some(foreign => isWithin(path, foreign))) {
			return 'it belongs to another item';
		}

		return isBelowAny(path, incomplete) ? 'it could not be read whole when it was backed up' : undefined;
	};
};

const isBelowAny = (path: RawPath, folders: ReadonlySet<RawPath>): boolean => {
	for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
		if (folders.has(path.slice(0, end))) {
			return true;
		}
	}

	return false;
};
