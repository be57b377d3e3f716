/** Terminating an account: its logins are locked, its processes ended, its home set aside; and each of that undone, by whoever comes to it. */
import process from 'node:process';
import type {Identity} from '../../../domain/account.ts';
import {toScreen} from '../../../domain/raw-name.ts';
import {asideName, undoneName} from '../../../engine/restore/aside-names.ts';
import type {Unheld} from '../../../engine/restore/unheld.ts';
import {UserError} from '../../../errors.ts';
import {lockLogins, readShadowLine, setShadowLine} from '../../../items/config/logins.ts';
import {isSystem} from '../../../items/is-system.ts';
import type {Store} from '../../../state/store.ts';
import {Directory} from '../../../system/directory.ts';
import {endProcessesOf} from '../../../system/end-processes.ts';
import {native} from '../../../system/native.ts';
import {openTerminationJournal, type Begun} from './journal.ts';
import {
	findKept,
	Kept,
	moveAside,
	moveBack,
	removeTree,
	setLooks,
} from './move-aside.ts';

export type TerminationOptions = {
	readonly store: Store;
	/** Its id. */
	readonly task: string;
	readonly account: Identity;
	/** The account stays locked afterwards. */
	readonly isSuspending: boolean;
};

/**
Locks the logins and ends the processes.
@throws UserError `refused` with nothing changed
*/
export const beginTermination = async ({store, task, account, isSuspending}: TerminationOptions): Promise<Termination> => {
	const root = Directory.openTrusted(account.home, false);

	try {
		if (root.tryLstat(asideName) !== undefined || root.tryLstat(undoneName) !== undefined) {
			throw new UserError(`In the home of ${toScreen(account.name)} there is something named ${asideName} or ${undoneName} already.`, {code: 'refused', hint: 'Look at it, and move it away first.'});
		}

		const {ino, mode, uid, gid, mtimeNs} = root.stat();
		const termination = new Termination(store, account, {
			version: 1,
			task,
			accountUuid: account.uuid,
			uid: account.uid,
			home: account.home,
			homeInode: String(ino),
			stage: 'locked',
			kept: [],
			root: {
				mode: Number(mode & 0o7777n), uid: Number(uid), gid: Number(gid), modifiedNs: String(mtimeNs),
			},
			shadow: null,
			isSuspending,
		});

		try {
			await termination.lock();
		} catch (error) {
			await termination.end(false);
			throw new UserError(`${toScreen(account.name)} cannot be terminated, so nothing was changed: ${(error as Error).message}.`, {code: 'failed', hint: 'Mend that, or restore without --terminate.', cause: error});
		}

		return termination;
	} finally {
		root.close();
	}
};

export class Termination {
	readonly #store: Store;
	readonly #account: Pick<Identity, 'name' | 'uid'>;
	#begun: Begun;

	constructor(store: Store, account: Pick<Identity, 'name' | 'uid'>, begun: Begun) {
		this.#store = store;
		this.#account = account;
		this.#begun = begun;
	}

	async #write(changes: Partial<Begun>): Promise<void> {
		this.#begun = {...this.#begun, ...changes};
		await openTerminationJournal(this.#store.directory).write(this.#begun);
	}

	/** What moved is on disk before the journal says so. */
	async #enter(stage: Begun['stage'], root: Directory): Promise<void> {
		native?.syncFileSystem(root.fd);
		await this.#write({stage});
	}

	async #withHome<Result>(work: (root: Directory) => Promise<Result>): Promise<Result> {
		const root = Directory.openTrusted(this.#begun.home, false);

		try {
			if (String(root.stat().ino) !== this.#begun.homeInode) {
				throw new Error(`the home ${toScreen(this.#begun.home)} is another folder now`);
			}

			return await work(root);
		} finally {
			root.close();
		}
	}

	async #putHomeBack(root: Directory): Promise<void> {
		const kept = new Kept(this.#begun.kept);

		if (this.#begun.stage === 'restoring') {
			await within(root, undoneName, async undone => moveAside(root, undone, kept));
			await this.#enter('settingAside', root);
		}

		if (this.#begun.stage !== 'settingAside') {
			return;
		}

		await within(root, asideName, async aside => moveBack(root, aside, kept));
		await removeTree(root, asideName);
		await removeTree(root, undoneName);
		const {modifiedNs, ...looks} = this.#begun.root;
		setLooks(root, {...looks, modifiedNs: BigInt(modifiedNs)});
		await this.#enter('locked', root);
	}

	/** Logins stay locked, whatever line shadow has by now: that one it gets when all is over. */
	async lock(): Promise<void> {
		await this.#write({shadow: await readShadowLine(this.#store, this.#account.name)});
		await lockLogins(this.#store, this.#account.name);
		await this.endProcesses();
	}

	async endProcesses(): Promise<void> {
		// A sandbox's user ids are those of somebody else's processes.
		if (await isSystem(this.#store)) {
			await endProcessesOf(this.#account.uid);
		}
	}

	/** Empties the home, but for what the backup could not hold. */
	async setHomeAside(unheld: Unheld): Promise<void> {
		await this.endProcesses();
		await this.#withHome(async root => {
			const kept = await findKept({root, home: this.#begun.home, unheld});
			await this.#write({kept: [...kept], stage: 'settingAside'});
			await within(root, asideName, async aside => moveAside(root, aside, new Kept(kept)));
			await this.#enter('restoring', root);
		});
	}

	/** What is in the home now is whole. */
	async acceptHome(): Promise<void> {
		await this.#withHome(async root => this.#enter('verified', root));
	}

	/** The home becomes what it was, whatever was done to it so far. */
	async putHomeBack(): Promise<void> {
		await this.#withHome(async root => this.#putHomeBack(root));
	}

	/**
	Brings it to its end: a home that was accepted loses what was set aside, any other is what it was; logins are as they shall be.
	@returns whether the home was put back
	*/
	async end(isLeftLocked: boolean): Promise<boolean> {
		const {stage, shadow, task} = this.#begun;
		const isPutBack = stage === 'settingAside' || stage === 'restoring';

		if (isPutBack) {
			await this.putHomeBack();
		} else if (stage === 'verified') {
			await this.#withHome(async root => {
				await removeTree(root, asideName);
			});
		}

		if (!isLeftLocked && shadow !== null) {
			await setShadowLine(this.#store, this.#account.name, shadow);
		}

		await openTerminationJournal(this.#store.directory).remove({task});

		return isPutBack;
	}
}

/** Works in a folder of ours in the home, closed to everybody else; one that somebody put there is none. */
const within = async (root: Directory, name: string, work: (folder: Directory) => Promise<void>): Promise<void> => {
	if (root.tryLstat(name) === undefined) {
		root.makeFolder(name, 0o700);
	}

	const folder = root.openFolder(name);

	try {
		if (folder.stat().uid !== BigInt(process.geteuid!())) {
			throw new Error(`${name} in the home is somebody else's`);
		}

		await work(folder);
	} finally {
		folder.close();
	}
};
