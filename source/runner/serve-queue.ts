import {join} from 'node:path';
import {forbidCoreDumps} from '../system/core-dumps.ts';
import {sweepStaging} from '../system/staging.ts';
import {QueueServer, type QueueServerOptions} from './queue-server.ts';
import {recoverTasks} from './recover.ts';
import {takeOver} from './take-over.ts';

export type ServeQueueOptions = QueueServerOptions & {
	/** Called when it holds the queue and can be reached. */
	readonly onReady?: () => void;
};

/**
Carries out the queue until there is nothing to do, or until it is told to end. One process does so at a time; where another does already, this one
leaves it to that.
@throws what makes the state unusable.
*/
export const serveQueue = async (options: ServeQueueOptions): Promise<void> => {
	const {store, isDaemon, signal, log, onReady} = options;
	const lock = await takeOver({
		stateDirectory: store.directory, isDaemon, signal, log,
	});

	if (lock === undefined) {
		return;
	}

	try {
		await forbidCoreDumps();
		await sweepStaging(store.directory);
		await sweepStaging(join(store.directory, 'cache'));
		const server = new QueueServer(options);
		await recoverTasks({
			...options,
			onEnded(task) {
				server.tellEnded(task);
			},
		});
		await server.serve(onReady);
	} finally {
		lock.release();
	}
};
