import test from 'ava';
import {parseHomePath} from '../../source/domain/home-path.ts';

const means = test.macro({
	exec(t, text: string, expected: string) {
		t.is(parseHomePath(text, '/home/alice'), expected);
	},
	title: (_, text: string, expected: string) => `${text} means ${expected === '' ? 'the home' : expected}`,
});

test(means, 'public_html', 'public_html');
test(means, 'public_html/', 'public_html');
test(means, './a//b/.', 'a/b');
test(means, '.', '');
test(means, '/home/alice', '');
test(means, '/home/alice/', '');
test(means, '/home/alice/.ssh/id', '.ssh/id');
test(means, 'home/alice', 'home/alice');
test(means, '*.php', '*.php');
test(means, String.raw`caf\xe9`, 'caf\u{E9}');

const refuses = test.macro({
	exec(t, text: string, code: string) {
		t.throws(() => parseHomePath(text, '/home/alice'), {code} as never);
	},
	title: (_, text: string, code: string) => `${text} is refused: ${code}`,
});

test(refuses, '/home/alicette/x', 'notFound');
test(refuses, '/etc/passwd', 'notFound');
test(refuses, '/', 'notFound');
test('nothing absolute is inside a home that is not known', t => {
	t.throws(() => parseHomePath('/home/alice/x', null), {code: 'notFound'} as never);
	t.is(parseHomePath('x', null), 'x');
});

test(refuses, 'a/../../b', 'usage');
test(refuses, '/home/alice/../bob', 'usage');
