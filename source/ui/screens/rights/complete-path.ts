import type {RightsPath} from '../../../actions/rights-paths.ts';
import {parentOfTyped} from './rights-state.ts';

type ListPaths = (parent: string) => Promise<readonly RightsPath[]>;

/** What a full path that is being typed can become, from what backups hold. What is alone gets what comes behind it, so that the next Tab goes on. */
export const completePath = async (list: ListPaths, text: string): Promise<readonly string[]> => {
	const paths = await list(parentOfTyped(text));
	const found = paths.filter(({path}) => path.startsWith(text));
	const [only] = found;

	return found.length === 1 && only!.isFolder ? [only!.path + separatorAfter(only!.path)] : found.map(({path}) => path);
};

const separatorAfter = (path: string): string => {
	if (!path.includes('!')) {
		return '!';
	}

	return path.includes('/') ? '/' : ':/';
};
