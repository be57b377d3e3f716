/* eslint-disable unicorn/no-await-expression-member -- a result is looked at once */
import {writeFile} from 'node:fs/promises';
import test from 'ava';
import type {AuditEntry} from '../../source/domain/audit.ts';
import {setUpServer} from '../set-up.ts';

test('users sign in for commands, may what their role may, and the audit log knows', async t => {
	const server = await setUpServer(t);
	const file = async (name: string, password: string): Promise<string> => {
		const path = server.machine.path(name);
		await writeFile(path, `${password}\nmore\n`);

		return path;
	};

	const oscars = await file('oscar', 'geheim');
	const wrong = await file('wrong', 'falsch');
	await server.json(['user', 'create', 'oscar', '--role', 'operator', '--email', 'o@example.com', '--password-file', oscars]);
	await server.json(['user', 'create', 'carol', '--role', 'user', '--email', 'c@example.com', '--password-file', oscars]);
	const asOscar = ['--as', 'oscar', '--password-file', oscars] as const;

	t.is((await server.run(...asOscar, 'account', 'list')).code, 0);
	t.is((await server.run(...asOscar, '--read-only', 'account', 'list')).code, 0);
	t.is((await server.run(...asOscar, 'tag', 'create', 'vip')).code, 4);
	t.is((await server.run('--as', 'oscar', '--password-file', wrong, 'account', 'list')).code, 4);
	t.is((await server.run('--as', 'oscar', 'account', 'list')).code, 4);
	t.is((await server.run('--as', 'carol', '--password-file', oscars, 'setting', 'list')).code, 4);
	// The role comes before what there is.
	t.is((await server.run('--as', 'carol', '--password-file', oscars, 'backup', 'delete', '0123456789', '--yes')).code, 4);
	t.is((await server.run('--as', 'carol', '--password-file', oscars, 'backup', 'verify', '0123456789')).code, 4);
	t.is((await server.run(...asOscar, 'backup', 'verify', '0123456789')).code, 5);
	t.is((await server.run('--password-file', oscars, 'account', 'list')).code, 2);

	const fresh = await file('fresh', 'frisch');
	t.is((await server.run('--as', 'oscar', '--password-file', oscars, 'user', 'passwd', 'oscar', '--old-password-file', oscars, '--password-file', fresh)).code, 0);
	t.is((await server.run('--as', 'oscar', '--password-file', fresh, 'account', 'list')).code, 0);
	t.is((await server.run(...asOscar, 'account', 'list')).code, 4);

	const {entries} = await server.json<{readonly entries: readonly AuditEntry[]}>(['audit', '--user', 'oscar']);
	t.is(entries.filter(({action, result}) => action === 'signIn' && result === 'done').length, 6);
	t.deepEqual(entries.filter(({action, result}) => action !== 'signIn' || result !== 'done').map(({action, target, result}) => [action, target, result]), [
		['createTag', 'vip', 'refused'],
		['signIn', null, 'refused'],
		['changePassword', 'oscar', 'done'],
		['signIn', null, 'refused'],
	]);
	t.is((await server.run(...asOscar, 'audit')).code, 4);
	t.is((await server.run('--as', 'oscar', '--password-file', fresh, 'account', 'assign', '--all-by-name')).code, 4, 'the role comes before the question');
});
