/** Entry of the engine's thread. Pack threads start before what this thread itself needs is loaded. */
import {availableParallelism} from 'node:os';
import {parentPort, workerData} from 'node:worker_threads';
import {PackPool} from './pack-pool.ts';
import type {EngineThreadData} from './protocol.ts';

/** As many as are of use to most; a run that is allowed more starts them. */
const mostWarm = 2;

const pool = new PackPool();

if ((workerData as EngineThreadData).isWarm) {
	pool.take(Math.min(mostWarm, availableParallelism()));
}

// Requests wait in the port until somebody listens.
const {answerRequests} = await import('./answer-requests.ts');

answerRequests(parentPort!, pool);
