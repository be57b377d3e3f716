import test from 'ava';
import {setUpServer} from '../set-up.ts';

test('an account has so many restores in so many hours, and others are not counted', async t => {
	const server = await setUpServer(t, [{name: 'al', uid: 5001}, {name: 'alice', uid: 5002}]);
	const line = (backup: string) => ['restore', backup, '--item', 'homedir', '--no-safety-backup', '--yes'];
	const ofAl = await server.task(['backup', 'create', 'al']);
	const ofAlice = await server.task(['backup', 'create', 'alice']);
	await server.run('setting', 'set', 'restore.limitTimes', '2');
	await server.run('setting', 'set', 'restore.limitHours', '24');

	await server.task(line(ofAlice.backup!));
	await server.task(line(ofAlice.backup!));
	const refused = await server.run(...line(ofAlice.backup!));
	t.is(refused.code, 4);
	t.regex(refused.stderr, /had 2 restores in the last 24 hours/v);
	await server.task(line(ofAl.backup!));

	await server.run('setting', 'set', 'restore.limitTimes', '0');
	await server.task(line(ofAlice.backup!));
});
