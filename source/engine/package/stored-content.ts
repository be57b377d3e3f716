/** Reads the content of stored entries piece by piece, each checked before it is given out. */
import {Buffer} from 'node:buffer';
import {FormatError} from '../base/bytes.ts';
import type {StoredEntry} from '../catalog/catalog-page.ts';
import type {StoredHome} from '../restore/stored-home.ts';
import {BlockReader} from '../segments/block-reader.ts';
import type {ContentPiece} from '../segments/content-piece.ts';
import {DataKeyRing} from '../segments/pack.ts';
import {LocalStorage} from '../storage/local-storage.ts';
import {ArchiveBlocks} from '../tar/archive-blocks.ts';
import type {Hole} from '../tar/tar-entry.ts';
import type {OpenedVault} from '../vault/unlock-vault.ts';

export type PlainPiece = {readonly type: 'bytes'; readonly bytes: Buffer} | {readonly type: 'zeros'; readonly length: number};

export class StoredContent {
	readonly #home: StoredHome;
	readonly #blocks: BlockReader;
	readonly #archive: ArchiveBlocks | undefined;

	constructor(home: StoredHome, vault: Pick<OpenedVault, 'storage' | 'rootKey' | 'openedKeys'>) {
		const keyRing = new DataKeyRing(vault);
		keyRing.add(home.dataKeys.map(({id, wrapped}) => ({id: Buffer.from(id), wrapped: Buffer.from(wrapped)})));
		this.#home = home;
		this.#blocks = new BlockReader(vault.storage, keyRing);
		this.#archive = home.archive && new ArchiveBlocks(home.archive.folder === undefined ? vault.storage : new LocalStorage(home.archive.folder), home.archive);
	}

	#pieces({content}: StoredEntry): readonly ContentPiece[] {
		return content === undefined ? [] : this.#home.piecesOf(content);
	}

	* #readPiece(piece: ContentPiece): Generator<PlainPiece> {
		switch (piece.type) {
			case 'hole': {
				yield {type: 'zeros', length: piece.length};
				return;
			}

			case 'segment': {
				yield {type: 'bytes', bytes: this.#blocks.read(piece.location, piece.digest)};
				return;
			}

			case 'archived': {
				for (const bytes of this.#archive!.pieces(piece.offset, piece.length)) {
					yield {type: 'bytes', bytes};
				}

				return;
			}

			case 'missing': {
				throw new FormatError('a part of it is in no pack');
			}
		}
	}

	/** Stretches that were never written, as an archive tells of them. */
	holesOf(entry: StoredEntry): readonly Hole[] {
		const holes: Hole[] = [];
		let offset = 0;

		for (const piece of this.#pieces(entry)) {
			const length = lengthOf(piece);
			const last = holes.at(-1);

			if (piece.type === 'hole') {
				const isAdjacent = last !== undefined && last.offset + last.length === offset;
				holes.splice(isAdjacent ? -1 : holes.length, isAdjacent ? 1 : 0, isAdjacent ? {offset: last.offset, length: last.length + length} : {offset, length});
			}

			offset += length;
		}

		return holes;
	}

	/**
	The whole content of an entry.
	@yields pieces that are good until the next one
	@throws FormatError where something is missing or damaged
	*/
	* read(entry: StoredEntry): Generator<PlainPiece> {
		let length = 0;

		for (const piece of this.#pieces(entry)) {
			length += lengthOf(piece);
			yield * this.#readPiece(piece);
		}

		if (length !== entry.sizeBytes) {
			throw new FormatError(`the backup holds ${length} of its ${entry.sizeBytes} bytes`);
		}
	}
}

const lengthOf = (piece: ContentPiece): number => {
	if (piece.type === 'missing') {
		return 0;
	}

	return piece.type === 'segment' ? piece.location.length : piece.length;
};
