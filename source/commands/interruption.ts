import process from 'node:process';

const interruptedExit = 130;

/**
An abort signal for the first Ctrl-C (or SIGTERM, SIGHUP), whose reason is the name of that; the next one ends the process. Made at the first call: until then
a signal ends the process at once.
*/
export const createInterruption = (): () => AbortSignal => {
	let controller: AbortController | undefined;

	return () => {
		if (controller === undefined) {
			const created = new AbortController();
			controller = created;

			for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
				process.on(name, () => {
					if (created.signal.aborted) {
						process.exit(interruptedExit);
					}

					created.abort(name);
				});
			}
		}

		return controller.signal;
	};
};
