import type {RawPath} from '../../domain/raw-name.ts';
import type {TreeProgress} from '../engine.ts';
import type {Manifest} from '../catalog/manifest.ts';

/** How far a backup is. Totals are those of the previous backup: a guess that grows when it proves too small. */
export class BackupProgress {
	readonly #onProgress: (progress: TreeProgress) => void;
	readonly #bytesGuess: number | null;
	readonly #filesGuess: number | null;
	#bytesDone = 0;
	#filesDone = 0;

	constructor(previous: Manifest | undefined, onProgress: (progress: TreeProgress) => void) {
		this.#onProgress = onProgress;
		this.#bytesGuess = previous?.sizeBytes ?? null;
		this.#filesGuess = previous?.fileCount ?? null;
	}

	addFile(): void {
		this.#filesDone++;
	}

	addBytes(count: number): void {
		this.#bytesDone += count;
	}

	report(currentPath: RawPath | null): void {
		this.#onProgress({
			bytesDone: this.#bytesDone,
			bytesTotal: this.#bytesGuess === null ? null : Math.max(this.#bytesGuess, this.#bytesDone),
			filesDone: this.#filesDone,
			filesTotal: this.#filesGuess === null ? null : Math.max(this.#filesGuess, this.#filesDone),
			currentPath,
		});
	}
}
