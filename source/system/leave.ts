/**
How a program ends. koffi flushes the standard streams to their disk when it is unloaded, and where that fails it waits for itself for ever (3.3.4): a runner whose log lies on a dying disk would stay. So what
loaded it ends at once, when everything of its own is done.
*/
import process from 'node:process';

type Exit = (code: number) => void;

let exitNow: Exit | undefined;

/** To be called by whatever makes it unsafe to let libraries clean up: `exit` ends the process without that. */
export const leaveBy = (exit: Exit): void => {
	exitNow = exit;
};

/** Makes this process end so, if anything asks for it until then. To be called by programs when they start. */
export const leaveSafely = (): void => {
	// Whoever measures or debugs wants what Node writes at the end.
	if (process.execArgv.length > 0) {
		return;
	}

	const node = process as unknown as {reallyExit: Exit};
	const usual = node.reallyExit.bind(process);

	node.reallyExit = code => {
		exitNow?.(code);
		usual(code);
	};

	process.once('beforeExit', () => {
		process.exit();
	});
	// Node's own way out after an error goes past the above.
	process.on('uncaughtException', error => {
		console.error(error);
		process.exit(1);
	});
};
