/**
Frees what no backup needs: packs without a needed block go, packs with too much that is not needed are written anew. First the copies are durable and indexed, then an index that knows only what stays
takes the place of all others, then the packs go; so a kill at any point leaves at most something to do again. Runs in the engine's thread.
*/
import type {RunOptions} from '../run-options.ts';
import type {BlockTable} from '../segments/block-table.ts';
import type {CleanupRequest, CleanupResult} from '../engine.ts';
import {Findings} from '../base/findings.ts';
import {indexName} from '../segments/index-file.ts';
import {indexPacks, mergedContent} from '../segments/index-writer.ts';
import {forgetLosses, listLosses} from '../segments/losses.ts';
import {mendIndex} from '../segments/mend-index.ts';
import {packName} from '../segments/pack.ts';
import {SegmentIndex} from '../segments/segment-index.ts';
import {sweepOnce} from '../vault/vault-session.ts';
import {workAlone} from '../vault/vault-turns.ts';
import {type OpenedVault, unlockVault} from '../vault/unlock-vault.ts';
import {writeIndexFile} from '../segments/write-index-file.ts';
import {
	type CleanupPlan,
	type PackSum,
	planCleanup,
	sumPacks,
} from './plan-cleanup.ts';
import {type MovedPacks, movePacks} from './move-packs.ts';
import {markLive, type Marked} from './mark-live.ts';

/** Old and new packs are both there until a round is over: bounds the space it takes. */
const shortestRound = 1 << 30;
/** The index is written anew after each round, so a large one makes rounds long. */
const indexShare = 8;

/** Tells what a cleanup would do; changes nothing. */
export const previewCleanup = async ({vault: location}: CleanupRequest, options: RunOptions): Promise<CleanupResult> => {
	const vault = unlockVault(location);

	try {
		const {plan, marked} = await makePlan(vault, options);

		return {
			droppedPacks: plan.drop.length, rewrittenPacks: plan.rewrite.length, freedBytes: plan.freedBytes, findings: findingsOf(marked).list(), isDamageMet: false,
		};
	} finally {
		vault.storage.close();
	}
};

export const runCleanup = async (request: CleanupRequest, options: RunOptions): Promise<CleanupResult> => {
	const vault = unlockVault(request.vault);

	try {
		return await workAlone(vault.id, async () => new CleanupRun(vault, options).run());
	} finally {
		vault.storage.close();
	}
};

type Planned = {readonly plan: CleanupPlan; readonly marked: Marked};

const makePlan = async (vault: OpenedVault, {abortFlag}: RunOptions): Promise<Planned> => {
	const index = SegmentIndex.open(vault);
	const marked = await markLive({
		vault, index, abortFlag, ownerOf: () => 1,
	});

	return {plan: planCleanup(sumPacks(marked.blocks, owner => owner > 0)), marked};
};

const findingsOf = ({missing}: Marked): Findings => {
	const findings = new Findings();

	if (missing > 0) {
		findings.problem('', `${missing} segments that backups name are not there: "holdfast backup verify" tells which backups are damaged`);
	}

	return findings;
};

class CleanupRun {
	readonly #vault: OpenedVault;
	readonly #options: RunOptions;
	#findings = new Findings();
	#droppedPacks = 0;
	#rewrittenPacks = 0;
	#movedBytes = 0;
	#isDamageMet = false;

	constructor(vault: OpenedVault, options: RunOptions) {
		this.#vault = vault;
		this.#options = options;
	}

	#storedBytes(): number {
		return ['packs', 'index'].flatMap(folder => this.#vault.storage.list(folder)).reduce((sum, {size}) => sum + size, 0);
	}

	/** Packs in groups of about the length of a round. */
	#rounds(packs: readonly PackSum[]): PackSum[][] {
		const indexBytes = this.#vault.storage.list('index').reduce((sum, {size}) => sum + size, 0);
		const roundBytes = Math.min(Math.max(shortestRound, indexBytes * indexShare), this.#vault.storage.freeBytes() / 2);
		const rounds: PackSum[][] = [];
		let bytes = Infinity;

		for (const pack of packs) {
			if (bytes + pack.liveBytes > roundBytes) {
				rounds.push([]);
				bytes = 0;
			}

			rounds.at(-1)!.push(pack);
			bytes += pack.liveBytes;
		}

		return rounds;
	}

	async #carryOut({drop, rewrite}: CleanupPlan, blocks: BlockTable): Promise<void> {
		const bytesTotal = rewrite.reduce((sum, {liveBytes}) => sum + liveBytes, 0);
		this.#report(bytesTotal);

		// Deleting comes first: it makes room for the copies.
		if (drop.length > 0) {
			await this.#forget(drop.map(({id}) => id));
			this.#droppedPacks += drop.length;
		}

		for (const round of this.#rounds(rewrite)) {
			const moved = await movePacks({
				...this.#vault, packs: round, blocks, abortFlag: this.#options.abortFlag,
				onMoved: bytes => {
					this.#movedBytes += bytes;
					this.#report(bytesTotal);
				},
			});

			this.#noteDamage(moved);
			await this.#indexMoved(moved);
			await this.#forget(moved.ids);
			this.#rewrittenPacks += moved.ids.length;
		}
	}

	/** On a full disk the copies are taken back: they would only take room. */
	async #indexMoved({written, dataKeys}: MovedPacks): Promise<void> {
		try {
			await indexPacks(this.#vault, written, dataKeys);
		} catch (error) {
			for (const {id} of written) {
				this.#vault.storage.delete(packName(id));
			}

			throw error;
		}
	}

	#noteDamage({damaged}: MovedPacks): void {
		for (const {id, message} of damaged) {
			this.#isDamageMet = true;
			this.#findings.problem('', `pack ${id} was left as it is: ${message}; "holdfast backup verify --read-data" tells which backups are damaged`);
		}
	}

	/** Index first: a pack that the index knows is there. */
	async #forget(packIds: readonly string[]): Promise<void> {
		if (packIds.length === 0) {
			return;
		}

		const {storage, rootKey} = this.#vault;
		const gone = new Set(packIds);
		const index = SegmentIndex.open({storage, rootKey});
		const id = await writeIndexFile(storage, rootKey, mergedContent(index.files, ({pack}) => !gone.has(pack.id)));

		for (const {name} of storage.list('index')) {
			if (name !== indexName(id)) {
				storage.delete(name);
			}
		}

		for (const packId of packIds) {
			storage.delete(packName(packId));
		}
	}

	#report(bytesTotal: number): void {
		this.#options.onProgress({
			bytesDone: this.#movedBytes, bytesTotal, filesDone: 0, filesTotal: null, currentPath: null,
		});
	}

	async run(): Promise<CleanupResult> {
		sweepOnce(this.#vault);
		const lostPacks = await mendIndex(this.#vault);
		const {plan, marked} = await makePlan(this.#vault, this.#options);
		this.#findings = findingsOf(marked);

		if (marked.unforeseen > 0) {
			throw new Error('The index changed while nothing else may write: nothing was removed.');
		}

		if (lostPacks.length > 0) {
			this.#findings.problem('', `${lostPacks.length} packs are missing at the destination, or cut short: "holdfast backup verify" tells which backups are damaged`);
		}

		const before = this.#storedBytes();
		await this.#carryOut(plan, marked.blocks);
		this.#vault.catalogCopies?.keepOnly(marked.isOfCatalog);
		forgetLosses(this.#vault.storage, listLosses(this.#vault.storage).filter(id => marked.settledLosses?.has(id) ?? true));

		return {
			droppedPacks: this.#droppedPacks,
			rewrittenPacks: this.#rewrittenPacks,
			freedBytes: Math.max(0, before - this.#storedBytes()),
			findings: this.#findings.list(),
			isDamageMet: this.#isDamageMet,
		};
	}
}
