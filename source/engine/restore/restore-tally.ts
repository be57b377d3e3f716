import type {Change} from '../../domain/change.ts';
import type {
	RestoreAction,
	RestorePreview,
	RestoreStep,
	RestoreSummary,
	StepTotal,
} from '../../domain/restore.ts';
import type {RawPath} from '../../domain/raw-name.ts';
import type {StoredEntry} from '../catalog/catalog-page.ts';
import {linkGroupOf} from '../backup/catalog-writer.ts';
import {liveChange} from './live-change.ts';
import type {Decision, LiveFacts} from './restore-decision.ts';

const maxSteps = 1000;

type Counter = {count: number; bytes: number};
type Result = keyof RestoreSummary;

const counter = (): Counter => ({count: 0, bytes: 0});

/** Counts what a restore decides (the preview) and what it did (the summary). */
export class RestoreTally {
	readonly #decided: Record<RestoreAction, Counter> = {
		create: counter(), overwrite: counter(), keep: counter(), liveOnly: counter(), delete: counter(), denied: counter(),
	};

	readonly #done: Record<Result, Counter> = {
		created: counter(), overwritten: counter(), kept: counter(), liveOnly: counter(), deleted: counter(), failed: counter(),
	};

	readonly #onChange: ((change: Change) => void) | undefined;
	readonly #steps: RestoreStep[] = [];
	#stepsTotal = 0;
	#filesDone = 0;
	#bytesDone = 0;

	/** With `onChange` it tells how the live side differs, too. */
	constructor(onChange?: (change: Change) => void) {
		this.#onChange = onChange;
	}

	#addStep(step: RestoreStep): void {
		this.#stepsTotal++;

		if (this.#steps.length < maxSteps) {
			this.#steps.push(step);
		}
	}

	decide(entry: StoredEntry, decision: Decision, live?: LiveFacts): void {
		const change = this.#onChange && liveChange(entry, decision, live);

		if (change) {
			this.#onChange(change);
		}

		const action = decision.action === 'refuse' ? 'keep' : decision.action;
		add(this.#decided[action], bytesOf(entry));
		this.#addStep({path: entry.path, action, reason: decision.action === 'refuse' ? `not restored: ${decision.reason}` : decision.reason});
	}

	liveOnly(path: RawPath, measured: StepTotal, reason: string): void {
		for (const total of [this.#decided.liveOnly, this.#done.liveOnly]) {
			total.count += measured.count;
			total.bytes += measured.bytes;
		}

		this.#addStep({path, action: 'liveOnly', reason});
		this.#onChange?.({
			path, change: 'added', type: null, sizeBytes: measured.bytes, previousSizeBytes: null,
		});
	}

	deleted(path: RawPath, measured: StepTotal): void {
		for (const total of [this.#decided.delete, this.#done.deleted]) {
			total.count += measured.count;
			total.bytes += measured.bytes;
		}

		this.#addStep({path, action: 'delete', reason: 'not in the backup'});
	}

	/** Chosen, and left out because it is outside the rights of who asked: counted, and never named. */
	withhold(entry: StoredEntry): void {
		add(this.#decided.denied, bytesOf(entry));
	}

	get denied(): StepTotal {
		return this.#decided.denied;
	}

	done(entry: StoredEntry, result: Result): void {
		add(this.#done[result], bytesOf(entry));

		if (entry.type !== 'file') {
			return;
		}

		this.#filesDone++;
		this.#bytesDone += bytesOf(entry);
	}

	preview(): RestorePreview {
		const {create, overwrite} = this.#decided;

		return {
			...this.#decided, steps: this.#steps, stepsTotal: this.#stepsTotal, spaceNeededBytes: create.bytes + overwrite.bytes,
		};
	}

	summary(): RestoreSummary {
		return this.#done;
	}

	progress(): {readonly bytesDone: number; readonly filesDone: number} {
		return {bytesDone: this.#bytesDone, filesDone: this.#filesDone};
	}
}

const add = (total: Counter, bytes: number): void => {
	total.count++;
	total.bytes += bytes;
};

/** A file with several links counts its content once, where its first path stands. */
const bytesOf = ({type, sizeBytes, linkGroup, path}: StoredEntry): number => type === 'file' && (linkGroup === undefined || linkGroup === linkGroupOf(path)) ? sizeBytes : 0;
