/** Takes much memory, needs it no longer, and is asked to show that it gave it back: says by how many bytes it shrank, or nothing within ten seconds. */
import process from 'node:process';
import {setTimeout as pause} from 'node:timers/promises';
import {returnMemory} from '../../source/system/return-memory.ts';

const happened = returnMemory();
const fill = (): number => Array.from({length: 1_000_000}, (_, index) => ({index, text: `text ${index}`})).length;
fill();
happened();
const full = process.memoryUsage.rss();

for (let waited = 0; waited < 10_000; waited += 50) {
	await pause(50);

	if (full - process.memoryUsage.rss() > 30_000_000) {
		process.stdout.write('shrank');
		break;
	}
}
