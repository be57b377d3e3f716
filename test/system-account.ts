import process from 'node:process';
import type {ExecutionContext} from 'ava';
import {runProgram} from './sandbox.ts';

let made = 0;

/** Whether this test may make users, and has the program it is about. A test that may not is skipped, which fails in CI. */
export const canMakeUsers = process.geteuid!() === 0;

/** A user of the system, removed after the test. */
export const makeSystemAccount = async (t: ExecutionContext, home: string): Promise<string> => {
	const name = `hft${process.pid.toString(36)}${made++}`;
	// Not one that another test, running beside, has just set free.
	const uid = String(10_000 + ((process.pid % 4900) * 10) + made);
	const {code, stderr} = await runProgram('useradd', '--uid', uid, '--create-home', '--home-dir', home, '--user-group', '--shell', '/bin/sh', name);
	t.is(code, 0, stderr);
	t.teardown(async () => {
		await runProgram('crontab', '-u', name, '-r');
		await runProgram('userdel', name);
		// It stays where others are in it.
		await runProgram('groupdel', name);
	});

	return name;
};
