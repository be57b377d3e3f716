import type {Identity} from '../../domain/account.ts';
import {toScreen, type RawPath} from '../../domain/raw-name.ts';
import {Directory} from '../../system/directory.ts';
import {fieldsOf} from './login-files.ts';

/**
Makes sure that a stored line gives nothing but the account's own: its ids, and a folder inside its home that no link leads out of.
@throws Error
*/
export const checkLogin = (line: string, {uid, gid, home}: Pick<Identity, 'uid' | 'gid' | 'home'>): void => {
	const fields = fieldsOf(line);

	if (fields?.uid !== uid || fields.gid !== gid || line.includes('\n')) {
		throw new Error('it is of other ids than the account\'s');
	}

	checkFolder(fields.home, home);
};

/** `/./` marks for pure-ftpd where the login's root is. */
const checkFolder = (path: RawPath, home: RawPath): void => {
	const names = path.split('/').filter(name => name !== '' && name !== '.');
	const roots = home.split('/').filter(name => name !== '');

	if (!path.startsWith('/') || names.includes('..') || roots.some((name, index) => names[index] !== name)) {
		throw new Error(`its folder ${toScreen(path)} is not inside the home`);
	}

	let folder = Directory.openTrusted(home, false);

	try {
		for (const name of names.slice(roots.length)) {
			const stats = folder.tryLstat(name);

			if (stats === undefined) {
				return;
			}

			if (!stats.isDirectory()) {
				throw new Error(`its folder ${toScreen(path)} leads over ${toScreen(name)}, which is no folder`);
			}

			const inner = folder.openFolder(name);
			folder.close();
			folder = inner;
		}
	} finally {
		folder.close();
	}
};
