/** What a Maildir is made of. */
import type {RawPath} from '../../domain/raw-name.ts';
import type {Directory} from '../../system/directory.ts';

/** Where a message lies: `new` until somebody has seen it, then `cur`. */
export const boxes = ['new', 'cur'] as const;

export type Box = (typeof boxes)[number];

export const isBox = (name: RawPath): name is Box => name === 'new' || name === 'cur';

/** The name of a message without its flags, which change, and stay the same message. */
export const baseOf = (name: RawPath): RawPath => {
	const colon = name.indexOf(':');

	return colon === -1 ? name : name.slice(0, colon);
};

export const isMailFolder = (names: readonly RawPath[]): boolean => boxes.every(box => names.includes(box));

/** Names in a folder of a folder; none where it is none. */
export const namesIn = (folder: Directory, name: RawPath): readonly RawPath[] => withFolder(folder, name, inner => inner.names()) ?? [];

/** Works in a folder of a folder; `undefined` where there is none. */
export const withFolder = <Result>(folder: Directory, name: RawPath, work: (inner: Directory) => Result): Result | undefined => {
	if (!folder.tryLstat(name)?.isDirectory()) {
		return undefined;
	}

	const inner = folder.openFolder(name);

	try {
		return work(inner);
	} finally {
		inner.close();
	}
};
