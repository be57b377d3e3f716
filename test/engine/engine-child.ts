/** One request to an engine in a process of its own, as given in the only argument: to be killed, limited or lied to by the system. Prints the result, or the peak of its memory beside it. */
import {Buffer} from 'node:buffer';
import {readFileSync} from 'node:fs';
import process from 'node:process';
import {startEngine} from '../../source/engine/start-engine.ts';
import {leaveSafely} from '../../source/system/leave.ts';
import type {BackupTreeRequest, RestoreTreeRequest} from '../../source/engine/engine.ts';

export type ChildRequest =
	| {readonly type: 'backup'; readonly request: BackupTreeRequest}
	| {readonly type: 'restore'; readonly request: RestoreTreeRequest};

export type ChildResult<Result> = {readonly result: Result; readonly peakMiB: number};

leaveSafely();
const {type, request} = JSON.parse(process.argv[2]!) as ChildRequest;
const vault = {...request.vault, masterKey: Buffer.alloc(32, 7)};
const engine = startEngine();
const result = type === 'backup' ? await engine.backupTree({...request, vault}) : await engine.restoreTree({...request, vault});
await engine.close();
const peak = /VmHWM:\s+(?<kibibytes>\d+)/v.exec(readFileSync('/proc/self/status', 'utf8'))!.groups!.kibibytes;
process.stdout.write(JSON.stringify({result, peakMiB: Number(peak) / 1024} satisfies ChildResult<unknown>));
