import test, {type ExecutionContext} from 'ava';
import {
	isSuspended,
	parseGroup,
	parsePasswd,
	parseShadow,
	UnixDatabaseError,
	type ShadowEntry,
} from '../../source/domain/unix-database.ts';

test('passwd', t => {
	t.deepEqual(parsePasswd('root:x:0:0:root:/root:/bin/bash\n\n# a comment\n+::::::\nal\u{E9}:x:1001:1002:A, B:/home/al\u{E9}:/bin/sh\n'), [
		{
			name: 'root', password: 'x', uid: 0, gid: 0, home: '/root', shell: '/bin/bash',
		},
		{
			name: 'al\u{E9}', password: 'x', uid: 1001, gid: 1002, home: '/home/al\u{E9}', shell: '/bin/sh',
		},
	]);
});

test('group', t => {
	t.deepEqual(parseGroup('sudo:x:27:alice,bob\nempty:x:1001:\n'), [{name: 'sudo', gid: 27, members: ['alice', 'bob']}, {name: 'empty', gid: 1001, members: []}]);
});

test('shadow: the first line of a name counts', t => {
	const shadow = parseShadow('alice:first:1:0:9:7::20:\nalice:second:1:0:9:7:::\nbob:!:1:0:9:7::-1:\n');

	t.deepEqual(shadow.get('alice'), {password: 'first', expiresOnDay: 20});
	t.deepEqual(shadow.get('bob'), {password: '!', expiresOnDay: null});
});

const broken = {
	'cut off in the middle of a line': 'root:x:0:0:root:/root:/bin/bash\nalice:x:10',
	'an id that is no number': 'root:x:zero:0:root:/root:/bin/bash\n',
	'an id that is too large': 'root:x:4294967296:0:root:/root:/bin/bash\n',
	'a negative id': 'root:x:-1:0:root:/root:/bin/bash\n',
	'without a name': ':x:0:0:root:/root:/bin/bash\n',
	'zeros, as after a power loss': '\0\0\0\0',
	'too many fields': 'root:x:0:0:root:/root:/bin/bash:more\n',
};

for (const [name, text] of Object.entries(broken)) {
	test(`a passwd is refused whole: ${name}`, t => {
		const error = t.throws(() => parsePasswd(text), {instanceOf: UnixDatabaseError});
		t.regex(error.message, /^line \d+ has/v);
	});
}

const suspension = test.macro({
	exec(t: ExecutionContext, {password, expiresOnDay}: ShadowEntry, isExpected: boolean) {
		t.is(isSuspended({password, expiresOnDay}, new Date('2026-01-11T00:00:00.000Z')), isExpected);
	},
	title: (_, {password, expiresOnDay}, isExpected) => `password "${password}", expiry ${expiresOnDay ?? 'never'}: ${isExpected ? 'suspended' : 'active'}`,
});

const today = 20_464;
test(suspension, {password: '$6$salt$hash', expiresOnDay: null}, false);
test(suspension, {password: '!$6$salt$hash', expiresOnDay: null}, true);
test(suspension, {password: '!!$6$salt$hash', expiresOnDay: null}, true);
test(suspension, {password: '!', expiresOnDay: null}, false);
test(suspension, {password: '!!', expiresOnDay: null}, false);
test(suspension, {password: '*', expiresOnDay: null}, false);
test(suspension, {password: '!*', expiresOnDay: null}, false);
test(suspension, {password: '', expiresOnDay: null}, false);
test(suspension, {password: '$6$salt$hash', expiresOnDay: today + 1}, false);
test(suspension, {password: '$6$salt$hash', expiresOnDay: today}, true);
test(suspension, {password: '$6$salt$hash', expiresOnDay: 0}, true);
test(suspension, {password: '*', expiresOnDay: 1}, true);
