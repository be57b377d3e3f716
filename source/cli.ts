/** The program `holdfast`: how its process ends is decided here alone. */
import process from 'node:process';
import {runLine} from './command-line.ts';
import {exitCodes} from './errors.ts';
import {leaveSafely} from './system/leave.ts';

/** A reader that went away (`| head`) ends the program quietly; anything else that keeps the result from being written is an error. */
const watchOutput = (): void => {
	for (const stream of [process.stdout, process.stderr]) {
		stream.on('error', (error: NodeJS.ErrnoException) => {
			if (error.code !== 'EPIPE') {
				process.stderr.write(`holdfast: The output could not be written: ${error.message}.\n`);
			}

			process.exit(exitCodes.failed); // eslint-disable-line unicorn/no-process-exit -- nothing that is written from here on arrives
		});
	}
};

leaveSafely();
watchOutput();
process.exitCode = await runLine(process.argv.slice(2));
