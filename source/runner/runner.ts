/**
The runner as a process of its own: `node runner.js --state DIR`. It holds no terminal, and ends by itself. Somebody waits for its work: the engine's threads start
while this thread still loads what it needs.
*/
import process from 'node:process';
import {startEngine} from '../engine/start-engine.ts';
import {leaveSafely} from '../system/leave.ts';

leaveSafely();
const engine = startEngine({isWarm: true});
const {runRunner} = await import('./run-runner.ts');
await runRunner(engine);

// Nothing that is left, such as an engine's thread, may keep a runner alive that holds no lock any more.
// eslint-disable-next-line unicorn/no-process-exit -- this file is a program
process.exit();
