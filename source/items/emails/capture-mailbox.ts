/** Copies the folder of a mailbox while mail comes in and is read. */
import {setImmediate as nextTurn} from 'node:timers/promises';
import type {Finding} from '../../domain/item.ts';
import {joinRaw, toScreen, type RawPath} from '../../domain/raw-name.ts';
import type {Directory} from '../../system/directory.ts';
import {readMountPoints} from '../../system/mounts.ts';
import {copyFile, type CopyOutcome} from './copy-file.ts';
import {
	baseOf,
	boxes,
	isBox,
	isMailFolder,
} from './mail-folder.ts';

export type CaptureOptions = {
	/** Absolute path of the mailbox. */
	readonly path: RawPath;
	readonly part: string;
	/** Other mailboxes, which may lie in this one. */
	readonly others: readonly RawPath[];
	readonly signal: AbortSignal;
};

/** As many passes as it takes until nothing new is seen, for whoever reads mail renames it; but not for ever. */
const mostPasses = 6;
const filesAtOnce = 100;

export const captureMailbox = async (source: Directory, target: Directory, options: CaptureOptions): Promise<readonly Finding[]> => {
	const capture = new MailboxCapture(source, options);
	await capture.copyFolder(source, target, '');

	return capture.findings;
};

class MailboxCapture {
	readonly #uid: number;
	readonly #options: CaptureOptions;
	readonly #mounts = readMountPoints();
	#fileCount = 0;
	readonly findings: Finding[] = [];

	constructor(root: Directory, options: CaptureOptions) {
		this.#uid = Number(root.stat().uid);
		this.#options = options;
	}

	#tell(level: Finding['level'], path: RawPath, message: string): void {
		this.findings.push({level, path: joinRaw(this.#options.part, path), message: `emails:${toScreen(this.#options.part)}: ${toScreen(path)}: ${message}`});
	}

	async #copyFile(from: {readonly folder: Directory; readonly name: RawPath}, target: Directory, path: RawPath): Promise<CopyOutcome> {
		if (++this.#fileCount % filesAtOnce === 0) {
			await nextTurn();
			this.#options.signal.throwIfAborted();
		}

		const outcome = await copyFile(from, {folder: target, name: from.name}, {uid: this.#uid});
		const problem = problems[outcome];

		if (problem !== undefined) {
			this.#tell('problem', path, problem);
		}

		return outcome;
	}

	/** Each message once, wherever it is met. */
	async #copyMessages(source: Directory, target: Directory, path: RawPath): Promise<void> {
		const taken = new Set<RawPath>();
		let isSettled = false;

		for (let pass = 0; !isSettled && pass < mostPasses; pass++) {
			isSettled = true;

			for (const box of boxes) {
				const isNothingNew = await this.#copyBox({
					source, target, path, box, taken,
				});
				isSettled &&= isNothingNew;
			}
		}
	}

	/**
	Copies what was not met yet.
	@returns whether there was nothing new
	*/
	async #copyBox({source, target, path, box, taken}: BoxCopy): Promise<boolean> {
		const from = source.openFolder(box);

		try {
			const to = target.openFolder(box);
			let isSettled = true;

			try {
				for (const name of from.names()) {
					if (taken.has(baseOf(name))) {
						continue;
					}

					const outcome = await this.#copyFile({folder: from, name}, to, joinRaw(path, `${box}/${name}`));
					isSettled = false;

					// One that moved on is met again under its new name.
					if (outcome !== 'vanished') {
						taken.add(baseOf(name));
					}
				}
			} finally {
				to.close();
			}

			return isSettled;
		} finally {
			from.close();
		}
	}

	async #copyEntry(source: Directory, target: Directory, {name, path}: {readonly name: RawPath; readonly path: RawPath}): Promise<void> {
		const stats = source.tryLstat(name);

		if (stats === undefined) {
			return;
		}

		if (stats.isDirectory()) {
			await this.#enter(source, target, {name, path});
		} else if (stats.isSymbolicLink()) {
			target.makeLink(source.readLink(name), name);
		} else if (stats.isFile()) {
			await this.#copyFile({folder: source, name}, target, path);
		} else {
			this.#tell('note', path, 'it is neither a file nor a folder, and not taken');
		}
	}

	async #enter(source: Directory, target: Directory, {name, path}: {readonly name: RawPath; readonly path: RawPath}): Promise<void> {
		const full = `${this.#options.path}/${path}`;

		if (this.#mounts.has(full) || this.#options.others.includes(full)) {
			this.#tell('note', path, this.#mounts.has(full) ? 'something is mounted there, which is not entered' : 'it is another mailbox');

			return;
		}

		const from = source.openFolder(name);

		try {
			target.makeFolder(name, 0o700);
			const to = target.openFolder(name);

			try {
				await this.copyFolder(from, to, path);
			} finally {
				to.close();
			}

			target.changeMode(name, Number(from.stat().mode & 0o777n));
		} finally {
			from.close();
		}
	}

	async copyFolder(source: Directory, target: Directory, path: RawPath): Promise<void> {
		const names = source.names();
		const hasMessages = isMailFolder(names);

		if (hasMessages) {
			for (const box of boxes) {
				target.makeFolder(box, 0o700);
			}

			await this.#copyMessages(source, target, path);
		}

		for (const name of names) {
			if (hasMessages && name === 'tmp') {
				// What lies there is still being delivered.
				target.makeFolder(name, 0o700);
			} else if (!hasMessages || !isBox(name)) {
				await this.#copyEntry(source, target, {name, path: joinRaw(path, name)});
			}
		}
	}
}

type BoxCopy = {
	readonly source: Directory;
	readonly target: Directory;
	readonly path: RawPath;
	readonly box: RawPath;
	readonly taken: Set<RawPath>;
};

const problems: Partial<Readonly<Record<CopyOutcome, string>>> = {
	changing: 'it was not the same for long enough to be read',
	foreign: 'it has another name elsewhere and another owner: not read',
	special: 'it is no regular file: not read',
};
