/**
Proves that backups can be restored: every manifest and page of a catalog is read, every segment has a place in a pack that is there, and, when asked for, every stored byte is read and checked. What is
damaged leaves the index, so that the next backup stores it anew. Runs in the engine's thread, beside backups and restores.
*/
import {toScreen} from '../../domain/raw-name.ts';
import type {RunOptions} from '../run-options.ts';
import {Damage} from '../segments/damage.ts';
import type {VerifyRequest, VerifyResult} from '../engine.ts';
import {Findings} from '../base/findings.ts';
import {listManifests, type Manifest} from '../catalog/manifest.ts';
import type {BackupRef} from '../storage/archive-name.ts';
import {forgetBlocks} from '../vault/forget-blocks.ts';
import {findLostPacks, type LostPack} from '../segments/lost-packs.ts';
import {SegmentIndex} from '../segments/segment-index.ts';
import {mendIndexUnlessBusy} from '../vault/vault-session.ts';
import {workAlone} from '../vault/vault-turns.ts';
import {type OpenedVault, unlockVault} from '../vault/unlock-vault.ts';
import {AffectedFinder, type Affected} from './find-affected.ts';
import {CatalogCheck} from './check-catalogs.ts';
import {checkBlocks} from './check-blocks.ts';
import {checkArchives} from './check-archives.ts';

export const runVerify = async (request: VerifyRequest, options: RunOptions): Promise<VerifyResult> => {
	const vault = unlockVault(request.vault);

	try {
		return await new VerifyRun({request, vault, options}).run();
	} finally {
		vault.storage.close();
	}
};

type VerifyRunOptions = {readonly request: VerifyRequest; readonly vault: OpenedVault; readonly options: RunOptions};

class VerifyRun {
	readonly #request: VerifyRequest;
	readonly #vault: OpenedVault;
	readonly #options: RunOptions;
	#damage = new Damage(new Map());
	readonly #findings = new Findings();
	readonly #damaged = new Map<string, BackupRef>();
	#bytesRead = 0;

	constructor({request, vault, options}: VerifyRunOptions) {
		this.#request = request;
		this.#vault = vault;
		this.#options = options;
	}

	#openIndex(): SegmentIndex {
		return SegmentIndex.open(this.#vault);
	}

	/** Held against one listing, and named; where no writer is under way they leave the index. */
	async #findLostPacks(): Promise<ReadonlyMap<string, string>> {
		const lost = await mendIndexUnlessBusy(this.#vault) ?? this.#lostPacks();

		for (const {id, reason} of lost) {
			this.#findings.problem('', `pack ${id} ${reason}`);
		}

		return new Map(lost.map(({id, reason}) => [id, `pack ${id} ${reason}`]));
	}

	#lostPacks(): readonly LostPack[] {
		return findLostPacks(this.#openIndex().files.flatMap(({packs}) => packs), this.#vault.storage.list('packs'));
	}

	async #checkCatalogs(): Promise<ReadonlyArray<BackupRef & {readonly manifest: Manifest}>> {
		this.#damage = new Damage(await this.#findLostPacks());
		const index = this.#openIndex();
		const check = new CatalogCheck({
			vault: this.#vault,
			index,
			damage: this.#damage,
			abortFlag: this.#options.abortFlag,
			onUnreadable: (backup, reason) => {
				this.#condemn({...backup, account: '', problems: [{path: '', message: reason}]});
			},
		});
		const checked: Array<BackupRef & {manifest: Manifest}> = [];

		for (const backup of this.#request.backups) {
			const manifest = await check.check(backup);

			if (!manifest) {
				continue;
			}

			checked.push({...backup, manifest});
			await this.#checkArchives(backup, manifest);
		}

		check.finish();

		if (this.#request.isDataRead) {
			await this.#checkBlocks(check, index);
		}

		return checked;
	}

	async #checkArchives(backup: BackupRef, manifest: Manifest): Promise<void> {
		const problems = await checkArchives(manifest, {
			storage: this.#vault.storage,
			abortFlag: this.#options.abortFlag,
			isDataRead: this.#request.isDataRead,
			share: this.#request.share,
			onRead: bytes => {
				this.#bytesRead += bytes;
				this.#report(this.#bytesRead, null);
			},
		});

		if (problems.length > 0) {
			this.#condemn({...backup, account: manifest.account, problems: problems.map(message => ({path: '', message}))});
		}
	}

	#report(bytesDone: number, bytesTotal: number | null): void {
		this.#options.onProgress({
			bytesDone, bytesTotal, filesDone: 0, filesTotal: null, currentPath: null,
		});
	}

	async #checkBlocks({blocks}: CatalogCheck, index: SegmentIndex): Promise<void> {
		const before = this.#bytesRead;
		const bytes = await checkBlocks({
			vault: this.#vault,
			threads: this.#options.pool.take(this.#request.threads),
			keyRing: index.keyRing,
			blocks,
			share: this.#request.share,
			damage: this.#damage,
			abortFlag: this.#options.abortFlag,
			onProgress: ({bytesDone, bytesTotal}) => {
				this.#report(before + bytesDone, before + bytesTotal);
			},
			onTableDamaged: (packId, reason) => {
				this.#findings.problem('', `pack ${packId} cannot tell what it holds, should the index ever be lost: ${reason}`);
			},
		});
		this.#bytesRead = before + bytes;
	}

	/** No writer is under way: what is found damaged may not be leaned on by a backup that began before. */
	async #settleDamage(): Promise<void> {
		const index = this.#openIndex();
		const finder = new AffectedFinder({vault: this.#vault, index, damage: this.#damage});

		for (const backup of listManifests(this.#vault.storage)) {
			const affected = finder.find(backup);

			if (affected) {
				this.#condemn(affected);
			}
		}

		if (this.#damage.blocks.length > 0 && !this.#vault.isReadOnly) {
			await forgetBlocks(this.#vault, this.#damage.blocks);
		}
	}

	#condemn({accountUuid, backupId, account, problems}: Affected): void {
		const key = `${accountUuid}/${backupId}`;

		if (this.#damaged.has(key)) {
			return;
		}

		this.#damaged.set(key, {accountUuid, backupId});

		for (const {path, message} of problems) {
			this.#findings.problem(path, `in backup ${backupId}${account === '' ? '' : ` of ${toScreen(account)}`}: ${message}`);
		}
	}

	async run(): Promise<VerifyResult> {
		const checked = await this.#checkCatalogs();

		if (this.#damage.isMet) {
			await workAlone(this.#vault.id, async () => this.#settleDamage());
		}

		return {
			damaged: this.#damaged.values().toArray(),
			intact: checked
				.filter(({accountUuid, backupId}) => !this.#damaged.has(`${accountUuid}/${backupId}`))
				.map(({accountUuid, backupId, manifest: {status}}) => ({accountUuid, backupId, status})),
			bytesRead: this.#bytesRead,
			findings: this.#findings.list(),
			problemCount: this.#findings.problemCount,
		};
	}
}
