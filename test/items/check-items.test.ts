import {writeFile} from 'node:fs/promises';
import test from 'ava';
import {checkItems} from '../../source/items/check-items.ts';
import {setUpServer} from '../set-up.ts';

test('what stands behind an item is found, said to be absent with the reason, or missed where a setting names it', async t => {
	const {machine, context: {store}} = await setUpServer(t);
	await writeFile(machine.path('passwords'), '');
	await store.update('settings', undefined, draft => {
		Object.assign(draft.values, {'items.vmail': machine.path(), 'items.certificates': machine.path('nowhere')});
	});
	const checks = await checkItems(store);
	const statusOf = (name: string) => checks.find(check => check.name === name)?.status;
	t.is(statusOf('emails (virtual)'), 'ok');
	t.is(statusOf('certificates'), 'problem');
	const zones = checks.find(({name}) => name === 'zones')!;
	t.is(zones.status, 'absent');
	t.regex(zones.hint!, /setting set items\.bind PATH/v);
});
