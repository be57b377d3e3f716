import test from 'ava';
import {parseSearch} from '../../source/domain/search.ts';

const matches = test.macro({
	exec(t, text: string, path: string, isFound: boolean) {
		const name = path.slice(path.lastIndexOf('/') + 1);

		t.is(parseSearch(text)(path, name), isFound);
	},
	title: (_, text: string, path: string, isFound: boolean) => `${text} ${isFound ? 'finds' : 'does not find'} ${path}`,
});

test(matches, 'wp-config', 'public_html/wp-config.php', true);
test(matches, 'wp-config', 'wp-config/index.php', false);
test(matches, 'Config', 'public_html/wp-config.php', false);
test(matches, '.php', 'a/b.php', true);
test(matches, '*.php', 'a/b.php', true);
test(matches, '*.php', 'a/b.php5', false);
test(matches, 'a/*.php', 'a/b.php', true);
test(matches, 'a/*.php', 'x/a/b.php', false);
test(matches, 'caf\u{E9}', 'caf\u{C3}\u{A9}.txt', true);

test('an unusable pattern is bad input', t => {
	t.throws(() => parseSearch('{a,b'), {code: 'usage'} as never);
});
