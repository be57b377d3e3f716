import process from 'node:process';
import type {Identity} from '../../domain/account.ts';
import {toScreen, type RawPath} from '../../domain/raw-name.ts';
import type {Store} from '../../state/store.ts';
import {Directory} from '../../system/directory.ts';
import {readHomeFacts} from '../../system/home-facts.ts';

export type Home = {readonly path: RawPath; readonly uid: number; readonly gid: number};

/**
Makes the home of an account that is made again, and binds the identity to it, before the user exists: whoever looks then sees the same account, back.
@returns what takes that back
@throws Error where another folder is in its place
*/
export const makeHome = async (store: Store, identity: Identity, home: Home): Promise<() => Promise<void>> => {
	const facts = readHomeFacts(home.path);
	const isOwn = facts.type === 'present' && facts.inode === identity.homeInode && (identity.homeBirthNs === null || identity.homeBirthNs === facts.birthNs);

	if (isOwn) {
		return async () => undefined;
	}

	if (facts.type === 'present') {
		throw new Error(`there is another folder at ${toScreen(home.path)}: move it away first`);
	}

	const slash = home.path.lastIndexOf('/');
	const parentPath = slash === 0 ? '/' : home.path.slice(0, slash);
	const parent = Directory.openTrusted(parentPath, false);
	const name = home.path.slice(slash + 1);

	try {
		parent.makeFolder(name, 0o700);

		if (process.geteuid!() === 0) {
			parent.changeOwner(name, home.uid, home.gid);
		}
	} finally {
		parent.close();
	}

	await bind(store, identity.uuid, home.path);

	return async () => {
		await setBinding(store, identity.uuid, identity);
		const again = Directory.openTrusted(parentPath, false);

		try {
			again.removeFolder(name);
		} finally {
			again.close();
		}
	};
};

const bind = async (store: Store, uuid: string, path: RawPath): Promise<void> => {
	const facts = readHomeFacts(path);

	if (facts.type === 'missing') {
		throw new Error(facts.reason);
	}

	await setBinding(store, uuid, {homeInode: facts.inode, homeBirthNs: facts.birthNs});
};

const setBinding = async (store: Store, uuid: string, {homeInode, homeBirthNs}: Pick<Identity, 'homeInode' | 'homeBirthNs'>): Promise<void> => store.update('accounts', undefined, draft => {
	draft.identities = draft.identities.map(identity => identity.uuid === uuid ? {...identity, homeInode, homeBirthNs} : identity);
});
