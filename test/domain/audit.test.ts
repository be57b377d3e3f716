import test from 'ava';
import {describeInput, hasUuid, nameAccounts} from '../../source/domain/audit.ts';

const [alice, bob, nobody] = ['a', 'b', 'c'].map(letter => `0000000${letter}-0000-4000-8000-000000000001`) as [string, string, string];
const identities = [{uuid: alice, name: 'alice'}, {uuid: bob, name: 'b\u{E9}'}];

test('what was acted on: identifying fields alone give their values', t => {
	t.deepEqual(describeInput([alice, {email: 'secret@example.com', tags: ['vip'], owner: undefined}]), {target: alice, fields: ['email', 'tags']});
	t.deepEqual(describeInput([{name: 'nightly', password: 'geheim'}]), {target: 'nightly', fields: ['name', 'password']});
	t.deepEqual(describeInput([]), {target: null, fields: []});
});

test('accounts are told by name and UUID; what is no account stays as it is', t => {
	t.is(nameAccounts(`${alice} ${nobody} ${bob} … 30 in all`, identities), String.raw`alice (${alice}) ${nobody} b\xe9 (${bob}) … 30 in all`);
	t.true(hasUuid(alice));
	t.false(hasUuid('alice'));
	t.false(hasUuid(`x${alice}0`));
});
