import type {Finding} from '../../domain/item.ts';
import type {RawPath} from '../../domain/raw-name.ts';

const maxIncomplete = 10_000;

/** More than these are counted only. */
export const maxFindings = 1000;

/** What was noticed, problems first and at most a thousand, with the true count of problems. */
export class Findings {
	readonly #notes: Finding[] = [];
	readonly #problems: Finding[] = [];
	readonly #incomplete: RawPath[] = [];
	#problemCount = 0;

	get problemCount(): number {
		return this.#problemCount;
	}

	note(path: RawPath, message: string): void {
		if (this.#notes.length < maxFindings) {
			this.#notes.push({level: 'note', path, message});
		}
	}

	problem(path: RawPath, message: string): void {
		this.#problemCount++;

		if (this.#problems.length < maxFindings) {
			this.#problems.push({level: 'problem', path, message});
		}
	}

	/** Not all of this folder was read. */
	incomplete(path: RawPath): void {
		this.#incomplete.push(path);
	}

	/** Too many to list are told as one: the root. */
	incompleteFolders(): RawPath[] {
		return this.#incomplete.length > maxIncomplete ? [''] : this.#incomplete;
	}

	list(): Finding[] {
		return [...this.#problems, ...this.#notes].slice(0, maxFindings);
	}
}
