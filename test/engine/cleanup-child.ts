/** Run by the sweep that kills cleanups: one cleanup of the vault given in the only argument. */
import {Buffer} from 'node:buffer';
import process from 'node:process';
import {startEngine} from '../../source/engine/start-engine.ts';
import type {VaultLocation} from '../../source/engine/engine.ts';

const vault = JSON.parse(process.argv[2]!) as Pick<VaultLocation, 'folder' | 'id'>;
const engine = startEngine();
const result = await engine.cleanUp({vault: {...vault, masterKey: Buffer.alloc(32, 7)}});
await engine.close();
process.stdout.write(JSON.stringify(result));
