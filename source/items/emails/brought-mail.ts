/** What of a mailbox a restore brought, and what came since. */
import type {RawPath} from '../../domain/raw-name.ts';
import type {Directory} from '../../system/directory.ts';
import {
	baseOf,
	boxes,
	isBox,
	namesIn,
	withFolder,
} from './mail-folder.ts';
import {isSameContent} from './same-content.ts';

/** Messages by their base names, and everything else, of which the reader's own notes do not count: nothing came since. */
export const isAllBrought = (live: Directory, brought: Directory | undefined): boolean => {
	const bases = basesIn(brought);

	return live.names().every(name => {
		if (isBox(name)) {
			return namesIn(live, name).every(message => bases.has(baseOf(message)));
		}

		return live.lstat(name).isDirectory() ? withFolder(live, name, inner => name === 'tmp' ? inner.names().length === 0 : withBrought(brought, name, stored => isAllBrought(inner, stored)))! : isOwnNote(name) || isBroughtFile(live, brought, name);
	});
};

/** A file that is as it was brought. */
export const isBroughtFile = (live: Directory, brought: Directory | undefined, name: RawPath): boolean => {
	const stored = brought?.tryLstat(name);

	return stored === undefined || !live.lstat(name).isFile() ? stored?.isSymbolicLink() === true && live.lstat(name).isSymbolicLink() : stored.isFile() && isSameContent({folder: brought!, name}, {folder: live, name});
};

/** What Dovecot and Courier write for themselves, and anew where it is missing. */
export const isOwnNote = (name: RawPath): boolean => /^(?:dovecot|maildirsize|maildirfolder$)/v.test(name);

export const basesIn = (folder: Directory | undefined): ReadonlySet<RawPath> => new Set(folder === undefined ? [] : boxes.flatMap(box => namesIn(folder, box)).map(name => baseOf(name)));

/** Works with what was brought of a folder; `undefined`: nothing. */
export const withBrought = <Result>(brought: Directory | undefined, name: RawPath, work: (inner: Directory | undefined) => Result): Result => {
	if (brought?.tryLstat(name)?.isDirectory() !== true) {
		return work(undefined);
	}

	const inner = brought.openFolder(name);

	try {
		return work(inner);
	} finally {
		inner.close();
	}
};
