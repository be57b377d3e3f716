import {join} from 'node:path';
import {isLockHeld} from '../system/lock.ts';

/** Held by the daemon as long as it lives. */
export const daemonLockPath = (stateDirectory: string): string => join(stateDirectory, 'daemon.lock');

export const isDaemonRunning = async (stateDirectory: string): Promise<boolean> => isLockHeld(daemonLockPath(stateDirectory));
