/** What a restore does with one entry: looks at what is there, decides, and has it done unless this is a dry run. */
import process from 'node:process';
import {toScreen, type RawPath} from '../../domain/raw-name.ts';
import type {StoredEntry} from '../catalog/catalog-page.ts';
import type {RestoreTreeRequest} from '../engine.ts';
import type {HeldFolder} from '../base/held-folder.ts';
import type {Metadata} from './file-restore.ts';
import type {LiveReader} from './live-facts.ts';
import {decideEntry, type Decision, type LiveFacts} from './restore-decision.ts';
import type {RestoreTally} from './restore-tally.ts';
import type {EntryWork, RestoreWriter} from './restore-writer.ts';

/** Setuid and setgid. */
const privilegeBits = 0o6000;
/** Only root may make files of others. */
const canGiveAway = process.geteuid?.() === 0;

export type EntryRestoreOptions = {
	readonly request: RestoreTreeRequest;
	readonly liveReader: LiveReader;
	readonly tally: RestoreTally;
	/** `undefined` in a dry run. */
	readonly writer: RestoreWriter | undefined;
};

type Look = {readonly facts: LiveFacts | undefined; readonly decision: Decision};

export class EntryRestore {
	readonly #options: EntryRestoreOptions;
	/** Where a group of hard links begins in the target, by group; the inode where the first was kept as it is. */
	readonly #linkFirsts = new Map<string, {readonly path: RawPath; readonly keptInode: bigint | undefined}>();

	constructor(options: EntryRestoreOptions) {
		this.#options = options;
	}

	/** What is there now, and what follows from it. What changes while it is looked at is left as it is, and named. */
	#look(entry: StoredEntry, folder: HeldFolder | undefined, metadata: Metadata): Look {
		try {
			const facts = folder && this.#options.liveReader.read(entry, folder.directory, metadata);

			return {facts, decision: this.#decide(entry, facts)};
		} catch (error) {
			const {code} = error as NodeJS.ErrnoException;

			if (code === undefined) {
				throw error;
			}

			return {facts: undefined, decision: {action: 'refuse', reason: `what is there now cannot be looked at (${code})`}};
		}
	}

	#decide(entry: StoredEntry, facts: LiveFacts | undefined): Decision {
		const {isMerge} = this.#options.request;
		const decision = decideEntry(entry, facts, isMerge);
		const first = entry.linkGroup === undefined ? undefined : this.#linkFirsts.get(entry.linkGroup);

		// Equal content under a link of its own is not equal: it must become a link of the first again.
		return first && !isMerge && decision.action === 'keep' && first.keptInode !== facts?.stats.ino
			? {action: 'overwrite', how: 'replace', reason: `is no longer a link of ${toScreen(first.path)}`}
			: decision;
	}

	#rememberLink(entry: StoredEntry, {facts, decision}: Look): void {
		if (entry.linkGroup === undefined || decision.action === 'refuse' || this.#linkFirsts.has(entry.linkGroup)) {
			return;
		}

		this.#linkFirsts.set(entry.linkGroup, {path: entry.path, keptInode: decision.action === 'keep' ? facts?.stats.ino : undefined});
	}

	#carryOut({entry, folder, metadata, facts, decision}: Omit<EntryWork, 'folder' | 'firstPath'> & {readonly folder: HeldFolder | undefined}): void {
		const {writer, tally} = this.#options;

		if (!writer) {
			return;
		}

		if (decision.action === 'refuse') {
			writer.fail(entry, decision.reason);
		} else if (decision.action === 'keep') {
			tally.done(entry, 'kept');
		} else {
			const firstPath = entry.linkGroup === undefined ? undefined : this.#linkFirsts.get(entry.linkGroup)?.path;
			writer.carryOut({
				entry, folder: folder!, metadata, facts, decision, firstPath,
			});
		}
	}

	/**
	Decides about one entry, and has it done unless this is a dry run. `isNew`: its folder was just made, so nothing is there.
	@returns whether a folder is there already, which may hold more than the backup
	*/
	restore(entry: StoredEntry, folder: HeldFolder | undefined, isNew: boolean): boolean {
		const {request, tally, writer} = this.#options;

		if (!folder && writer) {
			writer.fail(entry, 'its folder could not be made or entered');
			return false;
		}

		const metadata = metadataOf(entry, request);
		const look = this.#look(entry, isNew ? undefined : folder, metadata);
		tally.decide(entry, look.decision, look.facts);
		this.#rememberLink(entry, look);
		this.#carryOut({
			entry, folder, metadata, ...look,
		});

		return entry.type === 'directory' && look.facts?.stats.isDirectory() === true && !look.facts.isMount;
	}
}

/** What a restore sets: only root gives owners back, and only the account's own files get privileges back. */
export const metadataOf = (entry: StoredEntry, {account}: RestoreTreeRequest): Metadata => {
	const isAccounts = entry.uid === account.uid;
	const canKeepPrivileges = isAccounts || entry.type === 'directory';

	return {
		mode: canKeepPrivileges ? entry.mode : entry.mode & ~privilegeBits,
		owner: canGiveAway ? {uid: entry.uid, gid: entry.gid} : undefined,
		modifiedNs: entry.modifiedNs,
		attributes: isAccounts ? entry.attributes : entry.attributes.filter(({name}) => name !== 'security.capability'),
	};
};
