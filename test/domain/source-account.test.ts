import test, {type ExecutionContext} from 'ava';
import {selectAccounts} from '../../source/domain/source-account.ts';
import {parseGroup, parsePasswd, parseShadow} from '../../source/domain/unix-database.ts';

const select = (passwd: string, group = '') => selectAccounts({
	passwd: parsePasswd(passwd), shadow: parseShadow('alice:!$6$hash:1:0:9:7:::\n'), group: parseGroup(group), uidMax: 60_000, today: new Date(0),
});

const line = (name: string, uid: number, gid: number, home = `/home/${name}`): string => `${name}:x:${uid}:${gid}::${home}:/bin/sh\n`;

type Expected = {readonly shown: readonly string[]; readonly hidden: Readonly<Record<string, number>>};

const selection = test.macro((t: ExecutionContext, passwd: string, {shown, hidden}: Expected) => {
	const selected = select(passwd);

	t.deepEqual(selected.accounts.map(({name}) => name), shown);
	t.deepEqual(Object.fromEntries(selected.hidden.map(({reason, count}) => [reason, count])), hidden);
});

test('an account', selection, line('alice', 1000, 1000), {shown: ['alice'], hidden: {}});
test('users of the system', selection, line('root', 0, 0) + line('www', 999, 1000), {shown: [], hidden: {'UID below 1000': 2}});
test('a group of the system', selection, line('alice', 1000, 100), {shown: [], hidden: {'GID below 1000': 1}});
test('the highest id and the one above', selection, line('alice', 60_000, 1000) + line('bob', 60_001, 1000), {shown: ['alice'], hidden: {'UID above 60000': 1}});
test('nobody', selection, line('nobody', 65_534, 65_534) + line('alice', 1000, 65_534), {shown: [], hidden: {'id 65534 (nobody)': 2}});
test('a name twice: the first counts', selection, line('alice', 1001, 1001) + line('alice', 1002, 1002), {shown: ['alice'], hidden: {'name used before': 1}});
test('a name that is a path', selection, line('../etc', 1001, 1001), {shown: [], hidden: {'name no account can have': 1}});
test('a home that is no absolute path', selection, line('alice', 1001, 1001, ''), {shown: [], hidden: {'no absolute path as home': 1}});

test('suspended and administrators', t => {
	const {accounts} = select(line('alice', 1001, 1001) + line('bob', 1002, 1002) + line('carol', 1003, 1003) + line('dave', 1004, 1200), 'sudo:x:27:bob\nwheel:x:1200:\nadm:x:4:carol\n');

	t.deepEqual(accounts.map(({name, isSuspended, isAdministrator}) => [name, isSuspended, isAdministrator]), [
		['alice', true, false], ['bob', false, true], ['carol', false, false], ['dave', false, true],
	]);
});
