/** Run by the kill sweep, and killed at a system call of its choosing: one backup, as given in the only argument. */
import {Buffer} from 'node:buffer';
import process from 'node:process';
import {startEngine} from '../../source/engine/start-engine.ts';
import type {BackupTreeRequest} from '../../source/engine/engine.ts';

const request = JSON.parse(process.argv[2]!) as BackupTreeRequest;
const engine = startEngine();
const result = await engine.backupTree({...request, vault: {...request.vault, masterKey: Buffer.alloc(32, 7)}});
await engine.close();
process.stdout.write(JSON.stringify(result));
