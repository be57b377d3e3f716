import test from 'ava';
import {formatFullPath, parseFullPath} from '../../source/domain/full-path.ts';
import {
	decideRight,
	findShadow,
	type Effect,
	type Rights,
} from '../../source/domain/rights.ts';
import {UserError} from '../../source/errors.ts';

const rightsOf = (byDefault: Effect, ...exceptions: ReadonlyArray<readonly [Effect, string]>): Rights => ({
	default: byDefault, exceptions: exceptions.map(([effect, path]) => ({effect, path: parseFullPath(path)})),
});

const bob = rightsOf('deny', ['allow', 'web1!file:/home'], ['deny', 'web1!file:/home/bob'], ['allow', 'web1!file:/home/bob/public']);

const cases: ReadonlyArray<readonly [string, Rights, string, boolean, string | null]> = [
	['① all', rightsOf('allow'), 'web1!file:/home/alice', true, null],
	['② nothing', rightsOf('deny'), 'web1!file:/home/alice', false, null],
	['③ one tree', rightsOf('deny', ['allow', 'web1!file:/home/alice']), 'web1!file:/home/alice/mail', true, 'web1!file:/home/alice'],
	['③ a name that is a prefix', rightsOf('deny', ['allow', 'web1!file:/home/al']), 'web1!file:/home/alice', false, null],
	['③ above it', rightsOf('deny', ['allow', 'web1!file:/home/alice']), 'web1!file:/home', false, null],
	['④ all but one', rightsOf('allow', ['deny', 'web1!file:/etc']), 'web1!file:/etc/passwd', false, 'web1!file:/etc'],
	['④ the others', rightsOf('allow', ['deny', 'web1!file:/etc']), 'web1!file:/home', true, null],
	['⑤ a machine', rightsOf('allow', ['deny', 'web2']), 'WEB2!mysql:/alice/shop', false, 'web2'],
	['⑤ another machine', rightsOf('allow', ['deny', 'web2']), 'web1!mysql:/alice/shop', true, null],
	['⑥ below a deny', bob, 'web1!file:/home/bob/public', false, 'web1!file:/home/bob'],
	['⑥ beside it', bob, 'web1!file:/home/alice', true, 'web1!file:/home'],
	['a volume is not no volume', rightsOf('deny', ['allow', 'pc7!file:/Users']), 'pc7!file:c:/Users', false, null],
	['a volume', rightsOf('deny', ['allow', 'pc7!file:c:']), 'pc7!file:C:/Users', true, 'pc7!file:c:'],
	['a plugin', rightsOf('deny', ['allow', 'web1!mysql']), 'web1!MySQL:/alice/shop', true, 'web1!mysql'],
	['another plugin', rightsOf('deny', ['allow', 'web1!mysql']), 'web1!file:/alice/shop', false, null],
	['exact case of the path', rightsOf('deny', ['allow', 'web1!file:/home/Alice']), 'web1!file:/home/alice', false, null],
	['the broadest deny', rightsOf('allow', ['deny', 'web1!file:/a/b'], ['deny', 'web1!file:/a']), 'web1!file:/a/b/c', false, 'web1!file:/a'],
	['dots', rightsOf('deny', ['allow', 'web1!file:/home/alice']), 'web1!file:/home/alice/../bob', false, null],
];

for (const [name, rights, path, isAllowed, rule] of cases) {
	test(name, t => {
		const verdict = decideRight(rights, parseFullPath(path));
		t.is(verdict.allowed, isAllowed);
		t.is(verdict.rule.path, rule);
		t.deepEqual(decideRight({...rights, exceptions: rights.exceptions.toReversed()}, parseFullPath(path)), verdict);
	});
}

test('an allow below a deny has no effect', t => {
	t.is(formatFullPath(findShadow(bob, bob.exceptions[2]!)!.path), 'web1!file:/home/bob');
	t.is(findShadow(bob, bob.exceptions[0]!), undefined);
});

test('full paths are normalized', t => {
	const read = (text: string): string => formatFullPath(parseFullPath(text));
	t.is(read('web1!file::/home//alice/./x/../'), 'web1!file:/home/alice');
	t.is(read('web1!file:/../..'), 'web1!file:/');
	t.is(read('pc7!file:c:'), 'pc7!file:c:');
	t.is(read('web1!mail:/alice/a:b@example.com'), 'web1!mail:/alice/a:b@example.com');

	for (const text of ['', '!file:/x', 'web1!disk:/x', 'web1!file:home', 'web1!file:c:x', '/home/alice']) {
		t.throws(() => parseFullPath(text), {instanceOf: UserError}, `read: ${text}`);
	}
});
