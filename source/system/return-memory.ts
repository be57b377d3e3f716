import process from 'node:process';
import v8 from 'node:v8';
import {runInNewContext} from 'node:vm';

/** Nobody who types or looks on is held up by it. */
const idleMs = 1000;
/** Less than this is taken again by the next keys. */
const worthBytes = 16 << 20;

/**
Gives memory back to the system when nothing has happened for a moment. What is read to show a large state is several times as long as what stays of it, and V8 keeps
what that took as long as memory is not short.
@returns What is to be called whenever something happens. It holds up the end of no process.
*/
export const returnMemory = (): (() => void) => {
	let settledBytes = 0;

	const look = (): void => {
		if (process.memoryUsage.rss() - settledBytes < worthBytes) {
			return;
		}

		collectGarbage();
		settledBytes = process.memoryUsage.rss();
	};

	const timer = setTimeout(look, idleMs).unref();

	return () => {
		timer.refresh();
	};
};

type Collect = (options: {readonly type: 'major'; readonly flavor: 'last-resort'}) => void;

/** Takes some 0.1 s. */
const collectGarbage = (): void => {
	v8.setFlagsFromString('--expose-gc');
	const collect = runInNewContext('gc') as Collect;
	// A plain one would keep the pages that it has emptied.
	collect({type: 'major', flavor: 'last-resort'});
};
