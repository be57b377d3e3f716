import type {TaskView} from '../domain/task-view.ts';
import {isUnfinished} from '../domain/task-state.ts';
import type {RunnerReply} from './protocol.ts';

type Sent = Pick<TaskView, 'state' | 'priority' | 'progress' | 'waitReason' | 'queuedAt'>;

/** One terminal that watches: it is sent what changed since it was last sent something. */
export class Watcher {
	readonly #send: (reply: RunnerReply) => void;
	readonly #sent = new Map<string, Sent>();
	#isWhole = true;

	constructor(send: (reply: RunnerReply) => void) {
		this.#send = send;
	}

	#isNews({id, state, priority, progress, waitReason, queuedAt}: TaskView): boolean {
		const sent = this.#sent.get(id);

		return sent?.state !== state || sent.queuedAt !== queuedAt ? true : isUnfinished(state) && (sent.priority !== priority || sent.progress !== progress || sent.waitReason !== waitReason);
	}

	#forget(known: ReadonlySet<string>): boolean {
		const gone = [...this.#sent].filter(([id]) => !known.has(id));

		for (const [id] of gone) {
			this.#sent.delete(id);
		}

		return gone.every(([, {state}]) => !isUnfinished(state));
	}

	/** Tells what is new; false when it fell so far behind that an end it waits for is no longer known here: it has to look at the state. */
	update(views: readonly TaskView[]): boolean {
		const changed = views.filter(view => this.#isNews(view));
		const known = new Set(views.map(({id}) => id));

		if (changed.length > 0 || this.#isWhole) {
			this.#send({type: 'tasks', isWhole: this.#isWhole, tasks: changed});
			this.#isWhole = false;
		}

		for (const {id, state, priority, progress, waitReason, queuedAt} of changed) {
			this.#sent.set(id, {
				state, priority, progress, waitReason, queuedAt,
			});
		}

		return this.#forget(known);
	}
}
