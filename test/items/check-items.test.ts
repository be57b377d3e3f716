import {writeFile} from 'node:fs/promises';
import test from 'ava';
import {checkItems} from '../../source/items/check-items.ts';
import {hasMariadb} from '../database-servers.ts';
import {setUpServer} from '../set-up.ts';

test('what stands behind an item is found, said to be absent with the reason, or missed where a setting names it', async t => {
	const {machine, context: {store}} = await setUpServer(t);
	await writeFile(machine.path('passwords'), '');
	await store.update('settings', undefined, draft => {
		Object.assign(draft.values, {'items.vmail': machine.path(), 'items.certificates': machine.path('nowhere'), 'items.mysql': machine.path('passwords')});
	});
	const checks = await checkItems(store);
	const statusOf = (name: string) => checks.find(check => check.name === name)?.status;
	t.is(statusOf('emails (virtual)'), 'ok');
	t.is(statusOf('certificates'), 'problem');
	const server = checks.find(({name}) => name === 'databases (MariaDB)')!;
	t.is(server.status, hasMariadb ? 'problem' : 'warning');
	t.regex(server.message, /databases and their users can be neither backed up nor restored/v);
	t.is(statusOf('config'), 'ok');
	const zones = checks.find(({name}) => name === 'zones')!;
	t.is(zones.status, 'absent');
	t.regex(zones.hint!, /setting set items\.bind PATH/v);
});
